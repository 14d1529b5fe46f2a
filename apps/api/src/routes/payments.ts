import { ApplyCreditInput, applyCredit } from "@reminder-app/core/payments/apply-credit";
import {
  type PaymentDetail,
  PagePaymentsQuery,
  getPayment,
  pagePayments,
  withAllocation,
} from "@reminder-app/core/payments/page-payments";
import { RecordPaymentInput, recordPayment, removePayment } from "@reminder-app/core/payments/record-payment";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { paymentSchema } from "../schemas/payments.ts";
import { reviewCheckouts } from "./review-checkouts.ts";

const tag = "Payments";
const all = "/v1/payments";
const one = `${all}/:paymentId`;
const idOf = (params: Readonly<Record<string, Id<never>>>) => params["paymentId"] as Id<"Payment">;
const paidBy = ({ allocations }: PaymentDetail) => allocations.map(({ paymentRequestId }) => paymentRequestId);

export const paymentRoutes = [
  endpoint({
    method: "post",
    path: all,
    operationId: "recordPayment",
    summary: "Note money that came another way: reminders of what is paid by it stop",
    tag,
    access: "staff",
    scope: "payments:write",
    idempotent: true,
    body: RecordPaymentInput,
    example: {
      clientId: "01980000-0000-7000-8000-000000000001",
      amount: 32500,
      currency: "GBP",
      method: "bank",
      receivedOn: "2027-05-05",
      parts: [{ paymentRequestId: "01980000-0000-7000-8000-000000000002", amount: 32500 }],
    },
    answer: { status: 201, schema: paymentSchema },
    async handle({ ctx, body }) {
      const payment = await withAllocation(ctx, await recordPayment(ctx, body));
      return { body: payment, location: `${all}/${payment.id}`, afterCommit: reviewCheckouts(ctx, paidBy(payment)) };
    },
  }),
  endpoint({
    method: "get",
    path: all,
    operationId: "listPayments",
    summary: "Money that moved, the newest first",
    tag,
    access: "viewer",
    scope: "payments:read",
    query: PagePaymentsQuery,
    answer: { status: 200, schema: pageOf(paymentSchema) },
    handle: async ({ ctx, query }) => ({ body: await pagePayments(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: one,
    operationId: "getPayment",
    summary: "A payment, and what it is for",
    tag,
    access: "viewer",
    scope: "payments:read",
    answer: { status: 200, schema: paymentSchema },
    handle: async ({ ctx, params }) => ({ body: await getPayment(ctx, idOf(params)) }),
  }),
  endpoint({
    method: "delete",
    path: one,
    operationId: "removePayment",
    summary: "Take back a payment that was noted by mistake; what it paid is owed again",
    tag,
    access: "staff",
    scope: "payments:write",
    answer: { status: 204 },
    async handle({ ctx, params }) {
      await removePayment(ctx, idOf(params));
      return {};
    },
  }),
  endpoint({
    method: "post",
    path: `${one}/allocations`,
    operationId: "useCredit",
    summary: "Let what is credit of a payment pay other requests of the client",
    tag,
    access: "staff",
    scope: "payments:write",
    idempotent: true,
    body: ApplyCreditInput,
    example: { parts: [{ paymentRequestId: "01980000-0000-7000-8000-000000000002", amount: 2500 }] },
    answer: { status: 200, schema: paymentSchema },
    async handle({ ctx, params, body }) {
      const payment = await applyCredit(ctx, idOf(params), body);
      return { body: payment, afterCommit: reviewCheckouts(ctx, paidBy(payment)) };
    },
  }),
];
