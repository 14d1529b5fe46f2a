import { paymentMethods, paymentStates } from "@reminder-app/db/schema/payments";
import { invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { civilDateSchema } from "@reminder-app/schedule/civil-date";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { netOf } from "./allocate.ts";
import { type Allocation, type Payment, paymentRepo } from "./payments.repo.ts";

export const PagePaymentsQuery = PageQuery.extend({
  clientId: z.uuid().optional(),
  method: z.enum(paymentMethods).optional(),
  state: z.enum(paymentStates).optional(),
  from: civilDateSchema.optional().describe("Received on this day or later"),
  to: civilDateSchema.optional().describe("Received on this day or earlier"),
});

/** A payment, what it is for, and what of it is for nothing yet. */
export interface PaymentDetail extends Payment {
  readonly allocations: readonly Allocation[];
  /** What counts of it and is for no request: the client's credit. */
  readonly credit: number;
}

/** Money that moved, the newest first. */
export async function pagePayments(
  ctx: Ctx,
  { limit, cursor, ...filter }: z.output<typeof PagePaymentsQuery>,
): Promise<Page<PaymentDetail>> {
  if (filter.from !== undefined && filter.to !== undefined && filter.from > filter.to)
    throw invalid("from", "must not be after to");
  const rows = await paymentRepo(ctx).page(
    { ...filter, clientId: filter.clientId as Id<"Client"> | undefined },
    { limit, cursor: cursor as Id<"Payment"> | undefined },
  );
  const { items, ...next } = toPage(rows, limit);
  return { items: await withAllocations(ctx, items), ...next };
}

/** Throws `not_found`. */
export async function getPayment(ctx: Ctx, id: Id<"Payment">): Promise<PaymentDetail> {
  return withAllocation(ctx, await paymentRepo(ctx).get(id));
}

/** A payment with what it is for. */
export async function withAllocation(ctx: Ctx, payment: Payment): Promise<PaymentDetail> {
  const [detail] = await withAllocations(ctx, [payment]);
  if (!detail) throw new Error("A payment has what it is for");
  return detail;
}

async function withAllocations(ctx: Ctx, payments: readonly Payment[]): Promise<PaymentDetail[]> {
  const rows = await paymentRepo(ctx).allocationsOf(payments.map(({ id }) => id));
  const byPayment = Map.groupBy(rows, ({ paymentId }) => paymentId);
  return payments.map((payment) => {
    const allocations = byPayment.get(payment.id) ?? [];
    return { ...payment, allocations, credit: netOf(payment) - allocatedIn(allocations) };
  });
}

export function allocatedIn(allocations: readonly Pick<Allocation, "amount">[]): number {
  return allocations.reduce((all, { amount }) => all + amount, 0);
}
