import type { ProviderPayment } from "@reminder-app/payments/gateway";
import type { Checkout } from "./checkouts.repo.ts";
import type { PaymentRequest } from "./payment-requests.repo.ts";
import type { Allocation } from "./payments.repo.ts";

const UNFITTING = "The amount or currency that arrived is not what was asked for; use it as credit, or refund it";
const CANCELLED = "It came after what it was meant for had been cancelled; use it as credit, or refund it";

export type MeantPart = Pick<Allocation, "paymentRequestId" | "position" | "meant">;

export interface MeantParts {
  readonly meant: readonly MeantPart[];
  /** Why staff have to look at what is for nothing. */
  readonly doubt?: string;
}

/**
 * What a payment that was not known before is for: what its checkout asked for, but for what is cancelled by now. One of
 * another amount or currency is for nothing until staff have looked at it.
 */
export function meantParts(
  checkout: Pick<Checkout, "parts" | "currency" | "amount">,
  payment: Pick<ProviderPayment, "currency" | "amount">,
  requests: readonly PaymentRequest[],
): MeantParts {
  if (payment.currency !== checkout.currency || payment.amount !== checkout.amount)
    return { meant: [], doubt: UNFITTING };
  const cancelled = new Set(requests.filter(({ state }) => state === "cancelled").map(({ id }) => id));
  const parts = checkout.parts.filter(({ paymentRequestId }) => !cancelled.has(paymentRequestId));
  const meant = parts.map(({ paymentRequestId, amount }, position) => ({ paymentRequestId, position, meant: amount }));
  return parts.length < checkout.parts.length ? { meant, doubt: CANCELLED } : { meant };
}
