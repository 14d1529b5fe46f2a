import { AppError } from "@reminder-app/platform/errors";
import { type Book, find } from "./bank.ts";
import type { Events } from "./events.ts";
import { type Dispute, nowS, stripeId } from "./objects.ts";
import { chargeOf } from "./refunds.ts";

interface NewDispute {
  readonly paymentRef: string;
  /** In Stripe's units; the whole charge when left out. */
  readonly amount?: number | undefined;
  /** The bank only asks, and no money is withheld. */
  readonly isInquiry: boolean;
}

/** The payer's bank wants the money back. */
export async function openDispute(book: Book, events: Events, opened: NewDispute): Promise<Dispute> {
  const charge = chargeOf(book, opened.paymentRef);
  const dispute: Dispute = {
    id: stripeId("du"),
    object: "dispute",
    livemode: book.liveMode,
    created: nowS(),
    currency: charge.currency,
    amount: opened.amount ?? charge.amount,
    charge: charge.id,
    payment_intent: opened.paymentRef,
    reason: "product_not_received",
    status: opened.isInquiry ? "warning_needs_response" : "needs_response",
  };
  book.disputes.set(dispute.id, dispute);
  charge.disputed = true;
  const withdrawn = opened.isInquiry ? [] : ([["charge.dispute.funds_withdrawn", dispute]] as const);
  await events.publish(book, [["charge.dispute.created", dispute], ...withdrawn]);
  return dispute;
}

/** The payer's bank decides. Throws `conflict` when it has decided. */
export async function decideDispute(
  book: Book,
  events: Events,
  { id, won }: { readonly id: string; readonly won: boolean },
): Promise<Dispute> {
  const dispute = find(book.disputes, "dispute", id);
  switch (dispute.status) {
    case "needs_response": {
      dispute.status = won ? "won" : "lost";
      const back = won ? ([["charge.dispute.funds_reinstated", dispute]] as const) : [];
      await events.publish(book, [["charge.dispute.closed", dispute], ...back]);
      return dispute;
    }
    case "warning_needs_response":
      dispute.status = "warning_closed";
      await events.publish(book, [["charge.dispute.closed", dispute]]);
      return dispute;
    default:
      throw new AppError("conflict", `The dispute is ${dispute.status}`);
  }
}

/** Stripe's list, by payment or by charge. */
export function listDisputes(book: Book, { searchParams }: URL) {
  const [payment, charge] = [searchParams.get("payment_intent"), searchParams.get("charge")];
  const data = [...book.disputes.values()].filter(
    (dispute) =>
      (payment ?? dispute.payment_intent) === dispute.payment_intent && (charge ?? dispute.charge) === dispute.charge,
  );
  return { object: "list", url: "/v1/disputes", has_more: false, data: data.toReversed() };
}
