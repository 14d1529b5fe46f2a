import type { CheckoutPart } from "@reminder-app/db/schema/payments";
import { AppError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { balanceOf, payableOf } from "./balance.ts";
import type { PaymentRequest } from "./payment-requests.repo.ts";
import { amountSchema } from "./request-input.ts";

const MOST_PARTS = 100;

/** What of a payment is meant for which request. */
export type PaymentPart = CheckoutPart;

const requestId = z.uuid().transform((id) => id as Id<"PaymentRequest">);

export const paymentPartsSchema = z
  .array(z.strictObject({ paymentRequestId: requestId, amount: amountSchema }))
  .min(1)
  .max(MOST_PARTS);

/** Fill what is owed in the given order; what is left over is the client's credit. */
export function fillInOrder(requests: readonly PaymentRequest[], amount: number): PaymentPart[] {
  let left = amount;
  return requests.flatMap((request) => {
    const share = Math.min(payableOf(request), left);
    left -= share;
    return share > 0 ? [{ paymentRequestId: request.id, amount: share }] : [];
  });
}

interface Payer {
  readonly clientId: Id<"Client">;
  readonly currency: string;
  readonly amount: number;
}

/**
 * Throws where a part names a request that is not of this client and currency, names it twice, or is more than is owed
 * for it; and where the parts are more than was paid.
 */
export function requireParts(parts: readonly PaymentPart[], requests: readonly PaymentRequest[], payer: Payer): void {
  const known = new Map(requests.map((request) => [request.id, request]));
  const seen = new Set<string>();
  for (const [index, part] of parts.entries()) {
    const field = `parts.${index}`;
    const request = known.get(part.paymentRequestId);
    if (!request) {
      const message = `Payment request ${part.paymentRequestId} not found`;
      throw new AppError("not_found", message, { issues: [{ field: `${field}.paymentRequestId`, message }] });
    }
    if (seen.has(request.id)) throw invalid(`${field}.paymentRequestId`, "must name each payment request once");
    seen.add(request.id);
    requireFit(request, { part, field, payer });
  }
  const meant = parts.reduce((all, part) => all + part.amount, 0);
  if (meant > payer.amount)
    throw invalid("parts", `add up to ${meant}, which is more than the ${payer.amount} that were paid`);
}

function requireFit(
  request: PaymentRequest,
  { part, field, payer: { clientId, currency } }: { part: PaymentPart; field: string; payer: Payer },
): void {
  if (request.clientId !== clientId) throw invalid(`${field}.paymentRequestId`, "is owed by another client");
  if (request.currency !== currency)
    throw invalid(`${field}.paymentRequestId`, `is in ${request.currency}, and the payment in ${currency}`);
  if (request.state === "cancelled")
    throw invalid(`${field}.paymentRequestId`, "is cancelled; name another one, or leave the part out as credit");
  const owed = balanceOf(request);
  if (part.amount > owed)
    throw invalid(
      `${field}.amount`,
      `must be at most ${owed}, which is owed; what you leave out is the client's credit`,
    );
}
