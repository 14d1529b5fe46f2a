import {
  MatchBankLineInput,
  PageBankLinesQuery,
  ignoreLine,
  matchLine,
  pageBankLines,
  reopenLine,
} from "@reminder-app/core/payments/decide-bank-line";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { bankLineSchema } from "../schemas/bank-lines.ts";

const tag = "Bank lines";
const one = "/v1/bank-lines/:bankLineId";
const decide = { tag, access: "staff", scope: "payments:write", allClients: true } as const;
const answer = { status: 200, schema: bankLineSchema };
const lineOf = (params: Readonly<Record<string, Id<never>>>) => params["bankLineId"] as Id<"BankLine">;

export const bankLineRoutes = [
  endpoint({
    method: "get",
    path: "/v1/bank-lines",
    operationId: "listBankLines",
    summary: "Lines of bank statements that were imported, the newest first",
    tag,
    access: "viewer",
    scope: "payments:read",
    allClients: true,
    query: PageBankLinesQuery,
    answer: { status: 200, schema: pageOf(bankLineSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageBankLines(ctx, query) }),
  }),
  endpoint({
    method: "post",
    path: `${one}/match`,
    operationId: "matchBankLine",
    summary: "Note that a line is the payment of a request: the one that was suggested, or another",
    ...decide,
    idempotent: true,
    body: MatchBankLineInput,
    example: { paymentRequestId: "01980000-0000-7000-8000-000000000003" },
    answer,
    handle: async ({ ctx, params, body }) => ({ body: await matchLine(ctx, lineOf(params), body) }),
  }),
  endpoint({
    method: "post",
    path: `${one}/ignore`,
    operationId: "ignoreBankLine",
    summary: "Note that a line is no client's payment",
    ...decide,
    answer,
    handle: async ({ ctx, params }) => ({ body: await ignoreLine(ctx, lineOf(params)) }),
  }),
  endpoint({
    method: "post",
    path: `${one}/reopen`,
    operationId: "reopenBankLine",
    summary: "Take back what was decided about a line; its payment is removed",
    ...decide,
    answer,
    handle: async ({ ctx, params }) => ({ body: await reopenLine(ctx, lineOf(params)) }),
  }),
];
