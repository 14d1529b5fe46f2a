import type { CheckoutPart } from "@reminder-app/db/schema/payments";
import { AppError, NotFoundError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { formatMoney } from "../deliveries/format-money.ts";
import { payableOf } from "./balance.ts";
import type { PaymentRequest } from "./payment-requests.repo.ts";

/** One request that a client wants to pay; the whole of today's balance where no amount is named. */
export interface AskedPart {
  readonly paymentRequestId: Id<"PaymentRequest">;
  /** In minor units of the request's currency. */
  readonly amount?: number | undefined;
}

/** What is to be paid now, request by request in the order of their ids, or why nothing is. */
export type Payable =
  | { readonly kind: "payable"; readonly currency: string; readonly parts: readonly CheckoutPart[] }
  | { readonly kind: "paid" | "processing" };

/**
 * What of `asked` can be paid, as the requests stand now. What is settled or on its way already is left out. Throws
 * `not_found` for a request that is not there, `conflict` for a cancelled one, `validation_failed` for an amount that is
 * more than the balance or less than the request takes at once.
 */
export function payableParts(asked: readonly AskedPart[], requests: readonly PaymentRequest[]): Payable {
  requireOnce(asked);
  const owed = new Map(requests.map((request) => [request.id, request]));
  const wanted = asked.map(({ paymentRequestId, amount }) => {
    const request = owed.get(paymentRequestId);
    if (!request) throw new NotFoundError("Payment request", paymentRequestId);
    if (request.state === "cancelled")
      throw new AppError("conflict", `Payment request ${request.reference} was cancelled; nothing is owed for it`);
    return { request, amount };
  });
  const open = wanted.filter(({ request }) => payableOf(request) > 0);
  const [first] = open;
  if (!first) return { kind: wanted.some(({ request }) => isOnItsWay(request)) ? "processing" : "paid" };
  const { currency } = first.request;
  if (open.some(({ request }) => request.currency !== currency))
    throw invalid("parts", `must be in one currency; pay those in ${currency} apart from the others`);
  const parts = open.map(({ request, amount }) => ({
    paymentRequestId: request.id,
    amount: amount === undefined ? payableOf(request) : requirePart(request, amount),
  }));
  return { kind: "payable", currency, parts: parts.toSorted((one, other) => compare(one, other)) };
}

const isOnItsWay = ({ state, processing }: PaymentRequest) => state === "open" && processing > 0;

function requirePart(request: PaymentRequest, amount: number): number {
  const balance = payableOf(request);
  const { leastPart } = request.policy;
  const tell = (sum: number) => formatMoney({ amount: sum, currency: request.currency }, "en");
  if (!Number.isSafeInteger(amount) || amount < 1)
    throw invalid("amount", "must be a whole number of minor units, at least 1");
  if (amount > balance) throw invalid("amount", `must be at most ${tell(balance)}, which is what is owed`);
  if (amount === balance) return amount;
  if (leastPart === null) throw invalid("amount", `must be ${tell(balance)}: only the whole balance can be paid`);
  if (amount < leastPart) throw invalid("amount", `must be at least ${tell(Math.min(leastPart, balance))}`);
  return amount;
}

function requireOnce(asked: readonly AskedPart[]): void {
  if (asked.length === 0) throw invalid("parts", "must name at least one payment request");
  const ids = new Set(asked.map(({ paymentRequestId }) => paymentRequestId));
  if (ids.size !== asked.length) throw invalid("parts", "must name each payment request once");
}

function compare(one: CheckoutPart, other: CheckoutPart): number {
  return one.paymentRequestId < other.paymentRequestId ? -1 : 1;
}

export function sameParts(one: readonly CheckoutPart[], other: readonly CheckoutPart[]): boolean {
  return (
    one.length === other.length &&
    one.every((part, at) => {
      const match = other[at];
      return match?.paymentRequestId === part.paymentRequestId && match.amount === part.amount;
    })
  );
}
