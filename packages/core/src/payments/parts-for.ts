import type { CheckoutPart } from "@reminder-app/db/schema/payments";
import { AppError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { payableOf } from "./balance.ts";
import type { PaymentRequest } from "./payment-requests.repo.ts";

/** What of a payment is meant for which request. */
export type PaymentPart = CheckoutPart;

/** Fill what is owed in the given order; what is left over is the client's credit. */
export function fillInOrder(requests: readonly PaymentRequest[], amount: number): PaymentPart[] {
  let left = amount;
  return requests.flatMap((request) => {
    const share = Math.min(payableOf(request), left);
    left -= share;
    return share > 0 ? [{ paymentRequestId: request.id, amount: share }] : [];
  });
}

/** Throws where a part names a request that is not of this client and currency, or the parts are more than was paid. */
export function requireParts(
  parts: readonly PaymentPart[],
  requests: readonly PaymentRequest[],
  { clientId, currency, amount }: { clientId: Id<"Client">; currency: string; amount: number },
): void {
  const known = new Map(requests.map((request) => [request.id, request]));
  for (const [index, part] of parts.entries()) {
    const request = known.get(part.paymentRequestId);
    const field = `parts.${index}.paymentRequestId`;
    if (!request || request.clientId !== clientId) {
      const message = `Payment request ${part.paymentRequestId} not found`;
      throw new AppError("not_found", message, { issues: [{ field, message }] });
    }
    if (request.currency !== currency)
      throw invalid(field, `is in ${request.currency}, and the payment in ${currency}`);
    if (request.state === "cancelled")
      throw invalid(field, "is cancelled; name another one, or leave the part out as credit");
  }
  const meant = parts.reduce((all, part) => all + part.amount, 0);
  if (meant > amount) throw invalid("parts", `add up to ${meant}, which is more than the ${amount} that were paid`);
}
