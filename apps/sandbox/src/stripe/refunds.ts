import { AppError } from "@reminder-app/platform/errors";
import { z } from "zod";
import { type Book, find } from "./bank.ts";
import type { Events } from "./events.ts";
import { missing, wrong } from "./failure.ts";
import { type Charge, type Refund, nowS, stripeId } from "./objects.ts";
import { parsed, whole } from "./params.ts";

const refundParams = z.strictObject({
  payment_intent: z.string(),
  amount: whole(1, 10 ** 12).optional(),
  metadata: z.record(z.string(), z.string()).default({}),
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
});

/** Send money back; all that is left where no amount is named. `told` resolves when that has been told. */
export function createRefund(book: Book, events: Events, params: unknown): { refund: Refund; told: Promise<void> } {
  const { payment_intent: paymentRef, amount, metadata } = parsed(refundParams, params);
  const charge = chargeOf(book, paymentRef);
  const left = charge.amount - charge.amount_refunded;
  const wanted = amount ?? left;
  if (charge.disputed)
    throw wrong("charge", `Charge ${charge.id} has been charged back; cannot issue a refund.`, "charge_disputed");
  if (left === 0) throw wrong("charge", `Charge ${charge.id} has already been refunded.`, "charge_already_refunded");
  if (wanted > left)
    throw wrong("amount", `Refund amount (${wanted}) is greater than unrefunded amount on charge (${left})`);
  const refund: Refund = {
    id: stripeId("re"),
    object: "refund",
    created: nowS(),
    currency: charge.currency,
    amount: wanted,
    charge: charge.id,
    payment_intent: paymentRef,
    metadata,
    status: "succeeded",
  };
  book.refunds.set(refund.id, refund);
  count(charge, wanted);
  return { refund, told: events.publish(book, [["refund.created", refund], ["charge.refunded", charge]]) }; // prettier-ignore
}

/** The bank could not take back what was sent: it counts as paid again. */
export async function failRefund(book: Book, events: Events, id: string): Promise<Refund> {
  const refund = find(book.refunds, "refund", id);
  if (refund.status !== "succeeded") throw new AppError("conflict", `The refund is ${refund.status}`);
  refund.status = "failed";
  refund.failure_reason = "lost_or_stolen_card";
  count(find(book.charges, "charge", refund.charge), -refund.amount);
  await events.publish(book, [["refund.failed", refund], ["charge.refund.updated", refund]]); // prettier-ignore
  return refund;
}

function count(charge: Charge, amount: number): void {
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
}

/** The charge by which a payment succeeded. Throws what Stripe answers where there is none. */
export function chargeOf(book: Book, paymentRef: string): Charge {
  const intent = book.intents.get(paymentRef);
  if (!intent) throw missing("payment_intent", paymentRef);
  if (intent.status !== "succeeded" || intent.latest_charge === null)
    throw wrong("payment_intent", `This PaymentIntent (${paymentRef}) does not have a successful charge to refund.`);
  return find(book.charges, "charge", intent.latest_charge);
}
