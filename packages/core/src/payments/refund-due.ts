import type { Ctx } from "../ctx.ts";
import { netOf } from "./allocate.ts";
import { surplusOf } from "./balance.ts";
import type { PaymentRequest } from "./payment-requests.repo.ts";
import { type Payment, paymentRepo } from "./payments.repo.ts";

/** What was paid too much and goes back by the business's policy: to be asked for after the commit, once for each key. */
export interface RefundDue {
  readonly key: string;
  readonly paymentRef: string;
  readonly amount: number;
}

/**
 * What of a payment has to go back. What was paid too much is taken from the provider's payments that came last, so that
 * it goes back once, whichever of them is looked at. The key counts what had gone back before.
 */
export async function refundDueFor(
  tx: Ctx,
  payment: Payment,
  settled: readonly PaymentRequest[],
): Promise<RefundDue | undefined> {
  const { id, providerRef, refunded } = payment;
  const over = settled.filter((request) => request.policy.overpayment === "refund" && surplusOf(request) > 0);
  if (over.length === 0 || providerRef === null) return undefined;
  const moved = await paymentRepo(tx).ofRequests(over.map((request) => request.id));
  const due = over.reduce((all, request) => {
    const online = moved.filter(
      ({ allocation, payment: { method } }) => method === "stripe" && allocation.paymentRequestId === request.id,
    );
    const later = online.filter((row) => row.payment.id > id);
    const own = online.find((row) => row.payment.id === id)?.allocation.amount ?? 0;
    const leftToOthers = later.reduce((sum, { allocation }) => sum + allocation.amount, 0);
    return all + Math.max(0, Math.min(own, surplusOf(request) - leftToOthers));
  }, 0);
  const amount = Math.min(due, netOf(payment));
  return amount === 0 ? undefined : { key: `refund-${id}-${refunded}`, paymentRef: providerRef, amount };
}
