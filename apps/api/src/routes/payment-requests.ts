import {
  ChangePaymentRequestInput,
  cancelPaymentRequest,
  changePaymentRequest,
} from "@reminder-app/core/payments/change-payment-request";
import { CreatePaymentRequestInput, createPaymentRequest } from "@reminder-app/core/payments/create-payment-request";
import {
  PagePaymentRequestsQuery,
  getPaymentRequest,
  pagePaymentRequests,
  withPayments,
} from "@reminder-app/core/payments/page-payment-requests";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { paymentRequestSchema, paymentRequestSummarySchema } from "../schemas/payments.ts";
import { reviewCheckouts } from "./review-checkouts.ts";

const tag = "Payments";
const all = "/v1/payment-requests";
const one = `${all}/:paymentRequestId`;
const idOf = (params: Readonly<Record<string, Id<never>>>) => params["paymentRequestId"] as Id<"PaymentRequest">;

export const paymentRequestRoutes = [
  endpoint({
    method: "post",
    path: all,
    operationId: "createPaymentRequest",
    summary: "Note what a client owes; name it when the client is put on a reminder",
    tag,
    access: "staff",
    scope: "payments:write",
    idempotent: true,
    body: CreatePaymentRequestInput,
    example: {
      clientId: "01980000-0000-7000-8000-000000000001",
      title: "Invoice 2027-118",
      reference: "2027-118",
      items: [
        { description: "VAT return, first quarter", amount: 24000 },
        { description: "Payroll, March", amount: 8500 },
      ],
      currency: "GBP",
      dueOn: "2027-05-07",
      policy: { leastPart: 5000, pauseDaysAfterPart: 7 },
    },
    answer: { status: 201, schema: paymentRequestSchema },
    async handle({ ctx, body }) {
      const request = await createPaymentRequest(ctx, body);
      return { body: await withPayments(ctx, request), location: `${all}/${request.id}` };
    },
  }),
  endpoint({
    method: "get",
    path: all,
    operationId: "listPaymentRequests",
    summary: "What clients owe and owed, the newest first",
    tag,
    access: "viewer",
    scope: "payments:read",
    query: PagePaymentRequestsQuery,
    answer: { status: 200, schema: pageOf(paymentRequestSummarySchema) },
    handle: async ({ ctx, query }) => ({ body: await pagePaymentRequests(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: one,
    operationId: "getPaymentRequest",
    summary: "What a client owes, with all that moved for it",
    tag,
    access: "viewer",
    scope: "payments:read",
    answer: { status: 200, schema: paymentRequestSchema },
    handle: async ({ ctx, params }) => ({ body: await getPaymentRequest(ctx, idOf(params)) }),
  }),
  endpoint({
    method: "patch",
    path: one,
    operationId: "changePaymentRequest",
    summary: "Change what is owed, never to less than was paid; messages say the new balance",
    tag,
    access: "staff",
    scope: "payments:write",
    body: ChangePaymentRequestInput,
    example: { dueOn: "2027-06-07", items: [{ description: "VAT return, first quarter", amount: 22000 }] },
    answer: { status: 200, schema: paymentRequestSchema },
    async handle({ ctx, params, body }) {
      const request = await changePaymentRequest(ctx, idOf(params), body);
      return { body: await withPayments(ctx, request), afterCommit: reviewCheckouts(ctx, [request.id]) };
    },
  }),
  endpoint({
    method: "post",
    path: `${one}/cancel`,
    operationId: "cancelPaymentRequest",
    summary: "Ask for it no more: nothing more is sent about it",
    tag,
    access: "staff",
    scope: "payments:write",
    answer: { status: 200, schema: paymentRequestSchema },
    async handle({ ctx, params }) {
      const request = await cancelPaymentRequest(ctx, idOf(params));
      return { body: await withPayments(ctx, request), afterCommit: reviewCheckouts(ctx, [request.id]) };
    },
  }),
];
