import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import {
  boolean,
  foreignKey,
  index,
  int,
  mysqlTable,
  primaryKey,
  text,
  uniqueIndex,
  varchar,
} from "drizzle-orm/mysql-core";
import { contacts } from "./clients.ts";
import { digest, idColumn, instant, word } from "./columns.ts";
import { assignments, reminders } from "./reminders.ts";

export type OccurrenceState = "planned" | "expanding" | "expanded" | "settled" | "missed" | "cancelled";

/** One due moment of a reminder. `slot_key` names the moment, so that no second ring can double it. */
export const occurrences = mysqlTable(
  "occurrences",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Occurrence">("id").notNull(),
    reminderId: idColumn<"Reminder">("reminder_id").notNull(),
    slotKey: varchar("slot_key", { length: 120 }).notNull(),
    /** The one assignment that a step of a sequence is about; empty where the moment is everybody's. */
    assignmentId: idColumn<"Assignment">("assignment_id"),
    stepId: varchar("step_id", { length: 40 }),
    /** The wall time meant in each recipient's own zone; empty where the moment is one instant for all. */
    localAt: varchar("local_at", { length: 19 }),
    state: word<OccurrenceState>("state").notNull(),
    reason: word<string>("reason"),
    dueAt: instant("due_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    /** The last assignment whose deliveries were made. */
    cursor: idColumn<"Assignment">("cursor_id"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("occurrences_slot").on(table.businessId, table.reminderId, table.slotKey),
    index("occurrences_open").on(table.state, table.dueAt),
    index("occurrences_assignment").on(table.businessId, table.assignmentId),
    foreignKey({
      name: "occurrences_reminder_fk",
      columns: [table.businessId, table.reminderId],
      foreignColumns: [reminders.businessId, reminders.id],
    }),
  ],
);

export const deliveryStates = [
  "queued",
  "sending",
  "retry",
  "unknown",
  "held",
  "accepted",
  "delivered",
  "read",
  "undelivered",
  "failed",
  "dead",
  "skipped",
  "expired",
  "cancelled",
] as const;
export type DeliveryState = (typeof deliveryStates)[number];
/** They wait for their moment, or for another try. */
export const waitingStates: DeliveryState[] = ["queued", "retry"];
/** Their send has started, and what came of it is not stored yet. */
export const inFlightStates: DeliveryState[] = ["sending", "unknown"];

/** One message of an occurrence to one contact on one channel. Index (state, next_at) is the outbox. */
export const deliveries = mysqlTable(
  "deliveries",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Delivery">("id").notNull(),
    occurrenceId: idColumn<"Occurrence">("occurrence_id").notNull(),
    reminderId: idColumn<"Reminder">("reminder_id").notNull(),
    assignmentId: idColumn<"Assignment">("assignment_id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    contactId: idColumn<"Contact">("contact_id").notNull(),
    channel: word<ChannelKind>("channel").notNull(),
    /** Empty on skipped rows, so that they never stand in the way of a message that goes. */
    addressHash: digest("address_hash"),
    state: word<DeliveryState>("state").notNull(),
    reason: varchar("reason", { length: 64 }),
    stepId: varchar("step_id", { length: 40 }),
    /** The message that carries this one's line too. */
    mergedInto: idColumn<"Delivery">("merged_into"),
    /** How many channels were tried before this one. */
    hop: int("hop").notNull(),
    /** Raised by every claim; only the holder of the current one may write the outcome. */
    fence: int("fence").notNull(),
    tries: int("tries").notNull(),
    crashes: int("crashes").notNull(),
    /** A person chose to send within quiet hours. */
    urgent: boolean("urgent").notNull().default(false),
    /** The only retry clock. Empty when nothing more is to be done. */
    nextAt: instant("next_at"),
    leaseUntil: instant("lease_until"),
    dueAt: instant("due_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    unknownSince: instant("unknown_since"),
    acceptedAt: instant("accepted_at"),
    deliveredAt: instant("delivered_at"),
    readAt: instant("read_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("deliveries_once").on(table.businessId, table.occurrenceId, table.contactId, table.channel),
    uniqueIndex("deliveries_address_once").on(
      table.businessId,
      table.occurrenceId,
      table.clientId,
      table.channel,
      table.addressHash,
    ),
    index("deliveries_outbox").on(table.state, table.nextAt, table.id),
    index("deliveries_reminder").on(table.businessId, table.reminderId, table.id),
    index("deliveries_client").on(table.businessId, table.clientId, table.id),
    index("deliveries_assignment").on(table.businessId, table.assignmentId),
    index("deliveries_contact").on(table.businessId, table.contactId),
    index("deliveries_made").on(table.businessId, table.createdAt),
    index("deliveries_changed").on(table.businessId, table.updatedAt),
    index("deliveries_merged").on(table.businessId, table.mergedInto),
    foreignKey({
      name: "deliveries_occurrence_fk",
      columns: [table.businessId, table.occurrenceId],
      foreignColumns: [occurrences.businessId, occurrences.id],
    }),
    foreignKey({
      name: "deliveries_assignment_fk",
      columns: [table.businessId, table.assignmentId],
      foreignColumns: [assignments.businessId, assignments.id],
    }),
    foreignKey({
      name: "deliveries_contact_fk",
      columns: [table.businessId, table.contactId],
      foreignColumns: [contacts.businessId, contacts.id],
    }),
  ],
);

/** What staff decided about one future send: hold it back, leave it out, let it go. */
export const sendDecisions = ["hold", "skip", "approve"] as const;
export type SendDecision = (typeof sendDecisions)[number];

/** Decisions about sends that are still to come, whether they are planned yet or not: by assignment and slot. */
export const decidedSends = mysqlTable(
  "decided_sends",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    assignmentId: idColumn<"Assignment">("assignment_id").notNull(),
    slotKey: varchar("slot_key", { length: 120 }).notNull(),
    /** Empty where only the text was changed. */
    decision: word<SendDecision>("decision"),
    subject: varchar("subject", { length: 200 }),
    body: text("body"),
    decidedBy: varchar("decided_by", { length: 80 }).notNull(),
    decidedAt: instant("decided_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.assignmentId, table.slotKey] }),
    foreignKey({
      name: "decided_sends_assignment_fk",
      columns: [table.businessId, table.assignmentId],
      foreignColumns: [assignments.businessId, assignments.id],
    }),
  ],
);

export type AttemptState = "started" | "accepted" | "refused" | "throttled" | "unknown" | "absent";

/** One numbered call to a provider. The token travels along with the message. */
export const attempts = mysqlTable(
  "attempts",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    deliveryId: idColumn<"Delivery">("delivery_id").notNull(),
    number: int("number").notNull(),
    token: idColumn<"Attempt">("token").notNull(),
    provider: word<string>("provider").notNull(),
    state: word<AttemptState>("state").notNull(),
    code: varchar("code", { length: 64 }),
    reason: varchar("reason", { length: 500 }),
    providerMessageId: varchar("provider_message_id", { length: 255 }),
    revision: int("revision").notNull(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at"),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.deliveryId, table.number] }),
    uniqueIndex("attempts_token").on(table.token),
    index("attempts_provider_message").on(table.providerMessageId),
    foreignKey({
      name: "attempts_delivery_fk",
      columns: [table.businessId, table.deliveryId],
      foreignColumns: [deliveries.businessId, deliveries.id],
    }),
  ],
);
