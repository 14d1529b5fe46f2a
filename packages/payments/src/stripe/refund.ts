import type { GatewayAnswer } from "../gateway.ts";
import { toStripeAmount } from "./amounts.ts";
import type { StripeAccess } from "./access.ts";

interface Refund {
  readonly key: string;
  readonly paymentRef: string;
  /** In minor units by ISO 4217. */
  readonly amount: number;
}

/** Send a part of a payment back, in the currency that it came in. */
export async function sendRefund(
  { stripe, options }: StripeAccess,
  { key, paymentRef, amount }: Refund,
): Promise<GatewayAnswer<void>> {
  const { currency } = await stripe.paymentIntents.retrieve(paymentRef, {}, options);
  const converted = toStripeAmount(amount, currency.toUpperCase());
  if (converted.kind === "refused") return converted;
  const refund = await stripe.refunds.create(
    { payment_intent: paymentRef, amount: converted.amount, metadata: { refund: key } },
    { ...options, idempotencyKey: key },
  );
  if (refund.status !== "failed" && refund.status !== "canceled") return { kind: "done", value: undefined };
  const reason = `Stripe could not send it back: ${refund.failure_reason ?? refund.status}`;
  return { kind: "refused", code: `stripe/refund_${refund.status}`, reason };
}
