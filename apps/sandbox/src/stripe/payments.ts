import { AppError } from "@reminder-app/platform/errors";
import { type Book, type Checkout, find } from "./bank.ts";
import { close, getCheckout } from "./checkouts.ts";
import type { Events } from "./events.ts";
import { type Charge, type Intent, nowS, stripeId } from "./objects.ts";

/** By what somebody tries to pay; `declined` is a card that is. */
export type Means = "card" | "declined" | "debit";

interface Attempt {
  readonly sessionId: string;
  readonly means: Means;
  /** Another amount than was asked for, which Stripe never takes; to see whether anybody looks. In its units. */
  readonly amount?: number | undefined;
  readonly currency?: string | undefined;
}

const methods = { card: "card", declined: "card", debit: "bacs_debit" } as const;
const declined = { type: "card_error", code: "card_declined", message: "Your card was declined." } as const;
const returned = {
  type: "invalid_request_error",
  code: "payment_method_provider_decline",
  message: "The customer's bank account could not be debited.",
} as const;

/** Try to pay at a session's page. Throws `conflict` when it is open no more. */
export async function payCheckout(book: Book, events: Events, attempt: Attempt): Promise<Intent> {
  const checkout = getCheckout(book, attempt.sessionId);
  const { session } = checkout;
  if (session.status !== "open") throw new AppError("conflict", `The session is ${session.status}`);
  const isNew = session.payment_intent === null;
  const intent = isNew
    ? anIntent(book, { checkout, attempt })
    : find(book.intents, "payment_intent", session.payment_intent ?? "");
  session.payment_intent = intent.id;
  const charge = aCharge(book, intent, methods[attempt.means]);
  const begun = isNew ? ([["payment_intent.created", intent]] as const) : [];
  switch (attempt.means) {
    case "declined":
      fail(intent, charge, declined);
      await events.publish(book, [...begun, ["charge.failed", charge], ["payment_intent.payment_failed", intent]]);
      return intent;
    case "card":
      succeed(intent, charge);
      close(session, "complete");
      session.payment_status = "paid";
      await events.publish(book, [...begun, ["charge.succeeded", charge], ["payment_intent.succeeded", intent], ["checkout.session.completed", session]]);
      return intent;
    case "debit":
      intent.status = "processing";
      close(session, "complete");
      await events.publish(book, [...begun, ["charge.pending", charge], ["payment_intent.processing", intent], ["checkout.session.completed", session]]);
      return intent;
  } // prettier-ignore
}

/** The bank answers a debit that is on its way. Throws `conflict` when none is. */
export async function settleDebit(
  book: Book,
  events: Events,
  { paymentRef, succeeds }: { readonly paymentRef: string; readonly succeeds: boolean },
): Promise<Intent> {
  const intent = find(book.intents, "payment_intent", paymentRef);
  if (intent.status !== "processing") throw new AppError("conflict", `The payment is ${intent.status}`);
  const charge = find(book.charges, "charge", intent.latest_charge ?? "");
  const checkout = [...book.checkouts.values()].find(({ session }) => session.payment_intent === intent.id);
  if (succeeds) succeed(intent, charge);
  else fail(intent, charge, returned);
  if (checkout && succeeds) checkout.session.payment_status = "paid";
  const end = succeeds ? "succeeded" : "failed";
  await events.publish(book, [
    [`charge.${end}`, charge],
    [succeeds ? "payment_intent.succeeded" : "payment_intent.payment_failed", intent],
    ...(checkout ? [[`checkout.session.async_payment_${end}`, checkout.session] as const] : []),
  ]);
  return intent;
}

function anIntent(book: Book, { checkout, attempt }: { checkout: Checkout; attempt: Attempt }): Intent {
  const { session, paymentMetadata } = checkout;
  const intent: Intent = {
    id: stripeId("pi"),
    object: "payment_intent",
    livemode: book.liveMode,
    created: nowS(),
    currency: attempt.currency ?? session.currency,
    amount: attempt.amount ?? session.amount_total,
    amount_received: 0,
    metadata: paymentMetadata,
    status: "requires_payment_method",
    latest_charge: null,
    last_payment_error: null,
  };
  book.intents.set(intent.id, intent);
  return intent;
}

function aCharge(book: Book, intent: Intent, type: "card" | "bacs_debit"): Charge {
  const charge: Charge = {
    id: stripeId(type === "card" ? "ch" : "py"),
    object: "charge",
    livemode: book.liveMode,
    created: nowS(),
    currency: intent.currency,
    amount: intent.amount,
    payment_intent: intent.id,
    payment_method_details: { type },
    metadata: intent.metadata,
    status: "pending",
    paid: false,
    amount_refunded: 0,
    refunded: false,
    disputed: false,
    failure_message: null,
  };
  book.charges.set(charge.id, charge);
  intent.latest_charge = charge.id;
  return charge;
}

function succeed(intent: Intent, charge: Charge): void {
  intent.status = "succeeded";
  intent.amount_received = intent.amount;
  intent.last_payment_error = null;
  charge.status = "succeeded";
  charge.paid = true;
}

/** The payment waits for another means again. */
function fail(intent: Intent, charge: Charge, error: NonNullable<Intent["last_payment_error"]>): void {
  intent.status = "requires_payment_method";
  intent.last_payment_error = error;
  charge.status = "failed";
  charge.failure_message = error.message;
}
