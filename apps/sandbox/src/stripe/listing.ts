import { NotFoundError } from "@reminder-app/platform/errors";
import type { Bank, Book } from "./bank.ts";

/** The book in which something stands. Throws `not_found`. */
export function bookWith(bank: Bank, shelf: "checkouts" | "intents" | "refunds" | "disputes", id: string): Book {
  const book = bank.books().find((one) => one[shelf].has(id));
  if (!book) throw new NotFoundError("Object", id);
  return book;
}

/** What was paid or tried, in all accounts, the oldest first. Amounts are in Stripe's units. */
export function listPayments(bank: Bank) {
  const payments = bank.books().flatMap((book) =>
    [...book.intents.values()].map((intent) => ({
      id: intent.id,
      accountId: book.account.id,
      liveMode: book.liveMode,
      created: intent.created,
      status: intent.status,
      currency: intent.currency,
      amount: intent.amount,
      received: intent.amount_received,
      refunded: book.charges.get(intent.latest_charge ?? "")?.amount_refunded ?? 0,
      disputes: [...book.disputes.values()]
        .filter((dispute) => dispute.payment_intent === intent.id)
        .map(({ id, status, amount }) => ({ id, status, amount })),
      metadata: intent.metadata,
    })),
  );
  return payments.toSorted((one, other) => one.created - other.created);
}

export type ListedPayment = ReturnType<typeof listPayments>[number];

/** All sessions, the oldest first. */
export function listCheckouts(bank: Bank) {
  return bank
    .books()
    .flatMap(({ account, checkouts }) =>
      [...checkouts.values()].map(({ session, lines }) => ({ accountId: account.id, lines, ...session })),
    );
}
