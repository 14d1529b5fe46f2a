import { AppError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { allocate, netOf } from "./allocate.ts";
import { surplusOf } from "./balance.ts";
import { lockChase } from "./lock-chase.ts";
import { type PaymentDetail, allocatedIn, withAllocation } from "./page-payments.ts";
import { type PaymentPart, paymentPartsSchema, requireParts } from "./parts-for.ts";
import type { PaymentRequest } from "./payment-requests.repo.ts";
import { type Allocation, type Payment, paymentRepo } from "./payments.repo.ts";
import { settleRequests } from "./settle-requests.ts";

export const ApplyCreditInput = z.strictObject({
  parts: paymentPartsSchema.describe("What of the credit is for which request"),
});

/**
 * Let what of a payment is the client's credit pay other requests of theirs: what is for no request, and what was paid
 * too much for one. The chase of what is paid by it ends. Throws `validation_failed` for more than there is or is owed.
 */
export async function applyCredit(
  ctx: Ctx,
  id: Id<"Payment">,
  { parts }: z.output<typeof ApplyCreditInput>,
): Promise<PaymentDetail> {
  requireRole(ctx, "staff", "use a client's credit");
  return inTransaction(ctx, async (tx) => {
    const repo = paymentRepo(tx);
    await repo.get(id);
    const seen = [...(await repo.allocationsOf([id])), ...parts];
    const chase = await lockChase(tx, [...new Set(seen.map(({ paymentRequestId }) => paymentRequestId))]);
    const payment = await repo.lock(id);
    if (payment.state !== "succeeded")
      throw new AppError("conflict", `The payment is ${payment.state}; only money that has arrived can be used`);
    const present = await repo.allocationsOf([id]);
    const wanted = allocatedIn(parts);
    const { clientId, currency } = payment;
    requireParts(parts, chase.requests, {
      clientId,
      currency,
      amount: requireCredit(payment, present, { wanted, requests: chase.requests }),
    });

    const left = withoutSurplus(present, chase.requests, wanted - unallocated(payment, present));
    await repo.replaceAllocations(id, allocate(withParts(left, parts), netOf(payment)));
    await settleRequests(tx, chase);
    for (const { paymentRequestId, amount } of parts)
      await recordAudit(tx, "payment.credited", { entityId: id, paymentRequestId, amount, currency });
    return withAllocation(tx, payment);
  });
}

function unallocated(payment: Payment, present: readonly Allocation[]): number {
  return netOf(payment) - allocatedIn(present);
}

/** What there is of credit. */
function requireCredit(
  payment: Payment,
  present: readonly Allocation[],
  { wanted, requests }: { wanted: number; requests: readonly PaymentRequest[] },
): number {
  const surplus = present.reduce((all, part) => all + surplusIn(part, requests), 0);
  const credit = unallocated(payment, present) + surplus;
  if (wanted > credit) throw invalid("parts", `add up to ${wanted}, and the credit of this payment is ${credit}`);
  return credit;
}

/** What a part paid too much. */
function surplusIn({ paymentRequestId, amount }: Allocation, requests: readonly PaymentRequest[]): number {
  const request = requests.find(({ id }) => id === paymentRequestId);
  return request ? Math.min(amount, surplusOf(request)) : 0;
}

interface Meant extends Pick<Allocation, "paymentRequestId" | "position" | "meant"> {}

/** Take `needed` out of what was paid too much. What went back of a part is not meant for it any more. */
function withoutSurplus(present: readonly Allocation[], requests: readonly PaymentRequest[], needed: number): Meant[] {
  let missing = Math.max(0, needed);
  return present.map((part) => {
    const taken = Math.min(missing, surplusIn(part, requests));
    missing -= taken;
    const { paymentRequestId, position, amount } = part;
    return { paymentRequestId, position, meant: amount - taken };
  });
}

function withParts(left: readonly Meant[], parts: readonly PaymentPart[]): Meant[] {
  const more = new Map(parts.map(({ paymentRequestId, amount }) => [paymentRequestId, amount]));
  const raised = left.map((part) => ({ ...part, meant: part.meant + (more.get(part.paymentRequestId) ?? 0) }));
  const known = new Set(left.map(({ paymentRequestId }) => paymentRequestId));
  const added = parts.filter(({ paymentRequestId }) => !known.has(paymentRequestId));
  const next = Math.max(-1, ...left.map(({ position }) => position)) + 1;
  return [
    ...raised,
    ...added.map(({ paymentRequestId, amount }, index) => ({
      paymentRequestId,
      position: next + index,
      meant: amount,
    })),
  ];
}
