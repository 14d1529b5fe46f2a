import type { Stripe } from "stripe";
import type { ProviderPayment } from "../gateway.ts";
import type { StripeAccess } from "./access.ts";
import { fromStripeAmount } from "./amounts.ts";
import { KEY_NAME } from "./checkout.ts";

/** A payment, with its last charge, and the disputes about it. */
interface PaymentFacts {
  readonly askedAt: Date;
  readonly intent: Stripe.PaymentIntent;
  readonly charge: Stripe.Charge | undefined;
  readonly disputes: readonly Stripe.Dispute[];
}

/** Most disputes of one payment: each is about a part of it, and two are rare. */
const DISPUTES = 100;

export async function getPaymentFacts(
  { stripe, options, now }: StripeAccess,
  paymentRef: string,
): Promise<PaymentFacts> {
  const askedAt = now();
  const intent = await stripe.paymentIntents.retrieve(paymentRef, { expand: ["latest_charge"] }, options);
  const { latest_charge: latest } = intent;
  const charge = typeof latest === "string" || latest === null ? undefined : latest;
  if (!charge?.disputed) return { askedAt, intent, charge, disputes: [] };
  const { data: disputes } = await stripe.disputes.list({ payment_intent: paymentRef, limit: DISPUTES }, options);
  return { askedAt, intent, charge, disputes };
}

/** Disputes that wait to be decided. Inquiries (`warning_…`) withhold no money. */
const OPEN: ReadonlySet<string> = new Set([
  "needs_response",
  "under_review",
  "appeal_needs_response",
  "appeal_under_review",
]);

export function readPayment({ askedAt, intent, charge, disputes }: PaymentFacts): ProviderPayment {
  const { currency } = intent;
  const state = stateOf(intent);
  const checkoutKey = intent.metadata[KEY_NAME];
  const failure = intent.last_payment_error?.message;
  const withheld = disputes.filter(({ status }) => OPEN.has(status) || status === "lost");
  const paid = state === "succeeded" ? intent.amount_received : intent.amount;
  return {
    paymentRef: intent.id,
    askedAt,
    state,
    currency: currency.toUpperCase(),
    amount: fromStripeAmount(paid, currency),
    refunded: fromStripeAmount(charge?.amount_refunded ?? 0, currency),
    disputed: withheld.reduce((sum, dispute) => sum + fromStripeAmount(dispute.amount, dispute.currency), 0),
    disputeOpen: disputes.some(({ status }) => OPEN.has(status)),
    ...(state === "failed" && failure !== undefined && { failure }),
    ...(checkoutKey !== undefined && { checkoutKey }),
    ...(state === "succeeded" && charge && { paidAt: new Date(charge.created * 1_000) }),
  };
}

/** A means of payment that failed leaves the payment waiting for another one. */
function stateOf({ status, last_payment_error: error }: Stripe.PaymentIntent): ProviderPayment["state"] {
  switch (status) {
    case "succeeded":
    case "processing":
      return status as "succeeded" | "processing";
    case "canceled":
      return "failed";
    default:
      return status === "requires_payment_method" && error ? "failed" : "pending";
  }
}
