import type { Id } from "@reminder-app/platform/ids";
import {
  bigint,
  boolean,
  date,
  foreignKey,
  index,
  int,
  mysqlTable,
  primaryKey,
  uniqueIndex,
  varchar,
} from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { clients } from "./clients.ts";
import { digest, idColumn, instant, jsonColumn, sealed, word } from "./columns.ts";
import type { PaymentPolicy } from "./payment-policy.ts";

export const paymentRequestStates = ["open", "paid", "cancelled"] as const;
export type PaymentRequestState = (typeof paymentRequestStates)[number];

/** A line of what is owed, in minor units. */
export interface PaymentItem {
  readonly description: string;
  readonly amount: number;
}

/** What a client owes. All amounts are whole minor units of `currency`. */
export const paymentRequests = mysqlTable(
  "payment_requests",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"PaymentRequest">("id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    /** By which a bank transfer names it: an invoice number, or one of ours. */
    reference: varchar("reference", { length: 40 }).notNull(),
    title: varchar("title", { length: 200 }).notNull(),
    items: jsonColumn<PaymentItem[]>("items").notNull(),
    currency: varchar("currency", { length: 3 }).notNull(),
    /** The sum of the items. */
    total: bigint("total", { mode: "number" }).notNull(),
    /** What has arrived for it, less what was refunded or is disputed. */
    paid: bigint("paid", { mode: "number" }).notNull().default(0),
    /** What of it the client's bank disputes. */
    disputed: bigint("disputed", { mode: "number" }).notNull().default(0),
    /** What is on its way: a bank debit that has not succeeded or failed. */
    processing: bigint("processing", { mode: "number" }).notNull().default(0),
    dueOn: date("due_on", { mode: "string" }),
    state: word<PaymentRequestState>("state").notNull(),
    policy: jsonColumn<PaymentPolicy>("policy").notNull(),
    /** The one checkout that may be open for it, so that it is never paid twice through us. */
    checkoutId: idColumn<"Checkout">("checkout_id"),
    paidAt: instant("paid_at"),
    cancelledAt: instant("cancelled_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("payment_requests_reference").on(table.businessId, table.reference),
    index("payment_requests_client").on(table.businessId, table.clientId),
    index("payment_requests_due").on(table.businessId, table.state, table.dueOn),
    foreignKey({
      name: "payment_requests_client_fk",
      columns: [table.businessId, table.clientId],
      foreignColumns: [clients.businessId, clients.id],
    }),
  ],
);

export const paymentMethods = ["stripe", "manual", "bank"] as const;
export type PaymentMethod = (typeof paymentMethods)[number];
/** As the provider has it. Refunds and disputes stand beside it. */
export const paymentStates = ["processing", "succeeded", "failed"] as const;
export type PaymentState = (typeof paymentStates)[number];

/** Money that moved. What counts of it is `amount` less `refunded` and `disputed`, once it has succeeded. */
export const payments = mysqlTable(
  "payments",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Payment">("id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    method: word<PaymentMethod>("method").notNull(),
    /** The provider's name for it, such as a payment intent. */
    providerRef: varchar("provider_ref", { length: 255 }),
    checkoutId: idColumn<"Checkout">("checkout_id"),
    currency: varchar("currency", { length: 3 }).notNull(),
    amount: bigint("amount", { mode: "number" }).notNull(),
    refunded: bigint("refunded", { mode: "number" }).notNull().default(0),
    /** What is withheld while a dispute is open, or for good when it is lost. */
    disputed: bigint("disputed", { mode: "number" }).notNull().default(0),
    /** A dispute waits to be decided. */
    disputeOpen: boolean("dispute_open").notNull().default(false),
    state: word<PaymentState>("state").notNull(),
    failure: varchar("failure", { length: 64 }),
    /** When the provider was asked how it stands. */
    askedAt: instant("asked_at"),
    receivedOn: date("received_on", { mode: "string" }).notNull(),
    note: varchar("note", { length: 500 }),
    recordedBy: varchar("recorded_by", { length: 80 }).notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("payments_provider_ref").on(table.businessId, table.providerRef),
    index("payments_client").on(table.businessId, table.clientId),
    index("payments_received").on(table.businessId, table.receivedOn),
    index("payments_state").on(table.state, table.updatedAt),
    foreignKey({
      name: "payments_client_fk",
      columns: [table.businessId, table.clientId],
      foreignColumns: [clients.businessId, clients.id],
    }),
  ],
);

/** Which part of a payment is for which request, in the order in which they are filled. What is left over is the client's credit. */
export const paymentAllocations = mysqlTable(
  "payment_allocations",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    paymentId: idColumn<"Payment">("payment_id").notNull(),
    paymentRequestId: idColumn<"PaymentRequest">("payment_request_id").notNull(),
    position: int("position").notNull(),
    /** What was meant for the request. */
    meant: bigint("meant", { mode: "number" }).notNull(),
    /** What counts for it now, after refunds and disputes. */
    amount: bigint("amount", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.paymentId, table.paymentRequestId] }),
    index("payment_allocations_request").on(table.businessId, table.paymentRequestId),
    foreignKey({
      name: "payment_allocations_payment_fk",
      columns: [table.businessId, table.paymentId],
      foreignColumns: [payments.businessId, payments.id],
    }),
    foreignKey({
      name: "payment_allocations_request_fk",
      columns: [table.businessId, table.paymentRequestId],
      foreignColumns: [paymentRequests.businessId, paymentRequests.id],
    }),
  ],
);

/** What a checkout asks for, request by request. */
export interface CheckoutPart {
  readonly paymentRequestId: Id<"PaymentRequest">;
  readonly amount: number;
}

/** `making`: it was decided on, and the provider may or may not have it; asking again with its id gives the same one. */
export type CheckoutState = "making" | "open" | "completed" | "expired";

/** A page at the provider where a balance can be paid, once. Its id is the idempotency key. */
export const checkouts = mysqlTable(
  "checkouts",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Checkout">("id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    state: word<CheckoutState>("state").notNull(),
    parts: jsonColumn<CheckoutPart[]>("parts").notNull(),
    currency: varchar("currency", { length: 3 }).notNull(),
    amount: bigint("amount", { mode: "number" }).notNull(),
    sessionId: varchar("session_id", { length: 255 }),
    url: varchar("url", { length: 2_000 }),
    expiresAt: instant("expires_at").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("checkouts_session").on(table.businessId, table.sessionId),
    index("checkouts_client").on(table.businessId, table.clientId),
    index("checkouts_state").on(table.state, table.expiresAt),
    foreignKey({
      name: "checkouts_client_fk",
      columns: [table.businessId, table.clientId],
      foreignColumns: [clients.businessId, clients.id],
    }),
  ],
);

/** `connect`: an account under the installation's platform. `own_key`: the business's own restricted key. */
export const paymentAccountKinds = ["connect", "own_key"] as const;
export type PaymentAccountKind = (typeof paymentAccountKinds)[number];

/** Where a business's money arrives. Secrets are written, never read back. */
export const paymentAccounts = mysqlTable(
  "payment_accounts",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    kind: word<PaymentAccountKind>("kind").notNull(),
    /** `acct_…`. In one mode it belongs to one business, so that its events can belong to no other. */
    accountId: varchar("account_id", { length: 64 }).notNull(),
    liveMode: boolean("live_mode").notNull(),
    chargesEnabled: boolean("charges_enabled").notNull(),
    secretKey: sealed("secret_key", 1_024),
    lastFour: varchar("last_four", { length: 4 }),
    webhookSecret: sealed("webhook_secret", 1_024),
    oldWebhookSecret: sealed("old_webhook_secret", 1_024),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId] }),
    uniqueIndex("payment_accounts_account").on(table.accountId, table.liveMode),
    foreignKey({ name: "payment_accounts_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

export type PaymentEventKind = "payment" | "checkout" | "account";
export type PaymentEventResult = "applied" | "ignored" | "failed";

/** That something happened at the provider, stored before it is answered. What happened is asked of the provider when it is applied. */
export const paymentEvents = mysqlTable(
  "payment_events",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"PaymentEvent">("id").notNull(),
    accountId: varchar("account_id", { length: 64 }).notNull(),
    eventKey: varchar("event_key", { length: 255 }).notNull(),
    /** What `objectId` names at the provider. */
    type: varchar("type", { length: 100 }).$type<PaymentEventKind>().notNull(),
    objectId: varchar("object_id", { length: 255 }).notNull(),
    crashes: int("crashes").notNull().default(0),
    receivedAt: instant("received_at").notNull(),
    appliedAt: instant("applied_at"),
    result: word<PaymentEventResult>("result"),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("payment_events_once").on(table.accountId, table.eventKey),
    index("payment_events_waiting").on(table.appliedAt, table.receivedAt),
    foreignKey({ name: "payment_events_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

export const bankLineStates = ["open", "matched", "ignored"] as const;
export type BankLineState = (typeof bankLineStates)[number];

/** A line of a bank statement. The same line imported again is the same row. */
export const bankLines = mysqlTable(
  "bank_lines",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"BankLine">("id").notNull(),
    bookedOn: date("booked_on", { mode: "string" }).notNull(),
    currency: varchar("currency", { length: 3 }).notNull(),
    amount: bigint("amount", { mode: "number" }).notNull(),
    /** Who paid, and what they wrote. */
    text: sealed("text", 2_048).notNull(),
    fingerprint: digest("fingerprint").notNull(),
    state: word<BankLineState>("state").notNull(),
    /** The request that it is probably for, where that is not sure. */
    suggestedId: idColumn<"PaymentRequest">("suggested_id"),
    paymentId: idColumn<"Payment">("payment_id"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("bank_lines_once").on(table.businessId, table.fingerprint),
    index("bank_lines_state").on(table.businessId, table.state, table.id),
    foreignKey({ name: "bank_lines_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);
