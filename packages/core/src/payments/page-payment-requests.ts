import { paymentRequestStates } from "@reminder-app/db/schema/payments";
import type { Id } from "@reminder-app/platform/ids";
import { civilDateIn } from "@reminder-app/schedule/civil-date";
import { z } from "zod";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { type RequestStanding, standingOn } from "./balance.ts";
import { type PaymentRequest, type PaymentRequestSummary, paymentRequestRepo } from "./payment-requests.repo.ts";
import { type Allocation, type Payment, paymentRepo } from "./payments.repo.ts";
import { currencySchema, referenceSchema } from "./request-input.ts";

export const PagePaymentRequestsQuery = PageQuery.extend({
  clientId: z.uuid().optional(),
  state: z.enum(paymentRequestStates).optional(),
  currency: currencySchema.optional(),
  reference: referenceSchema.optional(),
  overdue: z.enum(["true"]).optional().describe("Only what is open and was due before today, in the business's zone"),
});

/** What clients owe and owed, the newest first. */
export async function pagePaymentRequests(
  ctx: Ctx,
  query: z.output<typeof PagePaymentRequestsQuery>,
): Promise<Page<PaymentRequestSummary & RequestStanding>> {
  const { limit, cursor, overdue, ...filter } = query;
  const today = await todayIn(ctx);
  const late = overdue && { state: "open" as const, dueBefore: today };
  const rows = await paymentRequestRepo(ctx).page(
    { ...filter, clientId: filter.clientId as Id<"Client"> | undefined, ...late },
    { limit, cursor: cursor as Id<"PaymentRequest"> | undefined },
  );
  const { items, ...next } = toPage(rows, limit);
  return { items: items.map((row) => ({ ...row, ...standingOn(row, today) })), ...next };
}

async function todayIn(ctx: Ctx): Promise<string> {
  const { timeZone } = await businessRepo(ctx).get();
  return civilDateIn(timeZone, ctx.now());
}

/** A request with all that moved for it. */
export interface PaymentRequestDetail extends PaymentRequest, RequestStanding {
  readonly payments: readonly (Payment & { readonly allocated: Allocation["amount"] })[];
}

/** Throws `not_found` when there is none. */
export async function getPaymentRequest(ctx: Ctx, id: Id<"PaymentRequest">): Promise<PaymentRequestDetail> {
  const request = await paymentRequestRepo(ctx).get(id);
  return withPayments(ctx, request);
}

/** The same of one that was read already. */
export async function withPayments(ctx: Ctx, request: PaymentRequest): Promise<PaymentRequestDetail> {
  const { id } = request;
  const moved = await paymentRepo(ctx).ofRequests([id]);
  return {
    ...request,
    ...standingOn(request, await todayIn(ctx)),
    payments: moved.map(({ payment, allocation }) => ({ ...payment, allocated: allocation.amount })),
  };
}
