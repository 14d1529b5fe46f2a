import { randomBytes } from "node:crypto";

/** Stripe's objects with the fields that are read from them, as its API writes them. Amounts are in Stripe's units. */
export interface Session {
  readonly id: string;
  readonly object: "checkout.session";
  readonly livemode: boolean;
  readonly created: number;
  readonly mode: "payment";
  readonly currency: string;
  readonly amount_total: number;
  readonly client_reference_id: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly success_url: string;
  readonly cancel_url: string | null;
  readonly expires_at: number;
  readonly locale: string | null;
  status: "open" | "complete" | "expired";
  payment_status: "paid" | "unpaid";
  payment_intent: string | null;
  url: string | null;
}

export interface Intent {
  readonly id: string;
  readonly object: "payment_intent";
  readonly livemode: boolean;
  readonly created: number;
  readonly currency: string;
  readonly amount: number;
  readonly metadata: Readonly<Record<string, string>>;
  amount_received: number;
  status: "requires_payment_method" | "processing" | "succeeded" | "canceled";
  latest_charge: string | null;
  last_payment_error: { readonly type: string; readonly code: string; readonly message: string } | null;
}

export interface Charge {
  readonly id: string;
  readonly object: "charge";
  readonly livemode: boolean;
  readonly created: number;
  readonly currency: string;
  readonly amount: number;
  readonly payment_intent: string;
  readonly payment_method_details: { readonly type: "card" | "bacs_debit" };
  readonly metadata: Readonly<Record<string, string>>;
  status: "succeeded" | "pending" | "failed";
  paid: boolean;
  amount_refunded: number;
  refunded: boolean;
  disputed: boolean;
  failure_message: string | null;
}

export interface Refund {
  readonly id: string;
  readonly object: "refund";
  readonly created: number;
  readonly currency: string;
  readonly amount: number;
  readonly charge: string;
  readonly payment_intent: string;
  readonly metadata: Readonly<Record<string, string>>;
  status: "succeeded" | "failed";
  failure_reason?: string;
}

export interface Dispute {
  readonly id: string;
  readonly object: "dispute";
  readonly livemode: boolean;
  readonly created: number;
  readonly currency: string;
  readonly amount: number;
  readonly charge: string;
  readonly payment_intent: string;
  readonly reason: string;
  status: "needs_response" | "won" | "lost" | "warning_needs_response" | "warning_closed";
}

export interface Account {
  readonly id: string;
  readonly object: "account";
  readonly type: "standard";
  readonly created: number;
  readonly email: string | null;
  readonly country: string;
  charges_enabled: boolean;
  payouts_enabled: boolean;
  details_submitted: boolean;
}

/** A platform, as its accounts see it. */
export interface Application {
  readonly id: string;
  readonly object: "application";
  readonly name: string;
}

export type AnyObject = Session | Intent | Charge | Refund | Dispute | Account | Application;

/** An id of Stripe's form. */
export function stripeId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString("hex")}`;
}

/** Now, in Unix seconds. */
export function nowS(): number {
  return Math.floor(Date.now() / 1_000);
}
