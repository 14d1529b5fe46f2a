import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Schedule } from "@reminder-app/schedule/schedule";
import {
  bigint,
  boolean,
  date,
  foreignKey,
  index,
  int,
  mysqlTable,
  primaryKey,
  text,
  uniqueIndex,
  varchar,
} from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { clients } from "./clients.ts";
import { idColumn, instant, jsonColumn, word } from "./columns.ts";
import type { ReminderType } from "./reminder-types.ts";

export type ReminderStatus = "draft" | "active" | "paused" | "completed" | "cancelled";
/** Their clock runs: also in a pause, which is filed as it passes. */
export const goingStatuses: ReminderStatus[] = ["active", "paused"];
/** The fact that ends the chase. Marking an assignment done always ends it. */
export const stopRules = ["done", "paid", "received", "none"] as const;
export type StopRule = (typeof stopRules)[number];
/** `first_success` tries the allowed channels in order of preference, `all` sends on each. */
export const channelModes = ["first_success", "all"] as const;
export type ChannelMode = (typeof channelModes)[number];

/** The more important come first where a contact may only get so many messages. */
export const priorities = ["low", "normal", "high"] as const;
export type Priority = (typeof priorities)[number];

/** How a message sounds. */
export const tones = ["friendly", "firm", "final"] as const;
export type Tone = (typeof tones)[number];

/** What a step says and where; what is left out is the reminder's own. */
export interface StepMessage {
  readonly subject?: string | undefined;
  readonly body?: string | undefined;
  readonly channels?: ChannelKind[] | undefined;
  readonly tone?: Tone | undefined;
}
export type StepMessages = Readonly<Record<string, StepMessage>>;

export const reminders = mysqlTable(
  "reminders",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Reminder">("id").notNull(),
    name: varchar("name", { length: 200 }).notNull(),
    type: word<ReminderType>("type").notNull(),
    status: word<ReminderStatus>("status").notNull(),
    stopRule: word<StopRule>("stop_rule").notNull(),
    schedule: jsonColumn<Schedule>("schedule").notNull(),
    channels: jsonColumn<ChannelKind[]>("channels").notNull(),
    channelMode: word<ChannelMode>("channel_mode").notNull(),
    subject: varchar("subject", { length: 200 }).notNull(),
    body: text("body").notNull(),
    /** By step id; for sequences. */
    stepMessages: jsonColumn<StepMessages>("step_messages"),
    priority: word<Priority>("priority").notNull().default("normal"),
    /** What each client is asked to send, by the labels of the items; each assignment gets its own list of them. */
    checklist: jsonColumn<string[]>("checklist"),
    /** Each message waits until a person approves it. */
    needsApproval: boolean("needs_approval").notNull().default(false),
    /** When a pause ends by itself. */
    pausedUntil: instant("paused_until"),
    /** How late a message may still go out. */
    graceMs: int("grace_ms").notNull(),
    /** Raised by every change; names the version of the text that was sent. */
    revision: int("revision").notNull(),
    /** Raised by re-activation, so that a `once` reminder can be sent again. */
    round: int("round").notNull(),
    /** The next moment that is not planned yet; empty when there is none. */
    nextDueAt: instant("next_due_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    index("reminders_due").on(table.status, table.nextDueAt),
    index("reminders_resume").on(table.status, table.pausedUntil),
    foreignKey({ name: "reminders_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** A version of a reminder's plan: what was in force under a revision. Assignments may be kept on an older one. */
export const reminderPlans = mysqlTable(
  "reminder_plans",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    reminderId: idColumn<"Reminder">("reminder_id").notNull(),
    revision: int("revision").notNull(),
    schedule: jsonColumn<Schedule>("schedule").notNull(),
    channels: jsonColumn<ChannelKind[]>("channels").notNull(),
    channelMode: word<ChannelMode>("channel_mode").notNull(),
    subject: varchar("subject", { length: 200 }).notNull(),
    body: text("body").notNull(),
    stepMessages: jsonColumn<StepMessages>("step_messages"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.reminderId, table.revision] }),
    foreignKey({
      name: "reminder_plans_reminder_fk",
      columns: [table.businessId, table.reminderId],
      foreignColumns: [reminders.businessId, reminders.id],
    }),
  ],
);

export type AssignmentState = "open" | "done" | "cancelled" | "exhausted";

/** What ended the chase. */
export const closingFacts = ["done", "paid", "received", "signed"] as const;
export type ClosingFact = (typeof closingFacts)[number];

/** Why staff hold an assignment: the client promised a date, disputes it, it does not apply, or the firm wants it so. */
export const chosenHolds = ["promise", "dispute", "not_applicable", "snooze"] as const;
/** What holds it besides: a part payment, the client's word that it was paid elsewhere, money that went back or is disputed. */
export const holdReasons = [...chosenHolds, "part_payment", "says_paid", "refunded", "bank_dispute"] as const;
export type HoldReason = (typeof holdReasons)[number];

/** Where one assignment differs from its sequence, by step id. */
export interface StepOverride {
  readonly skip?: true | undefined;
  /** Days from the due date, in place of the step's own. */
  readonly days?: number | undefined;
  /** Local time of day, `HH:MM`. */
  readonly time?: string | undefined;
}
export type StepOverrides = Readonly<Record<string, StepOverride>>;

/** A client on a reminder for one period. */
export const assignments = mysqlTable(
  "assignments",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Assignment">("id").notNull(),
    reminderId: idColumn<"Reminder">("reminder_id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    period: varchar("period", { length: 40 }).notNull(),
    dueOn: date("due_on", { mode: "string" }),
    /** What is still owed, in minor units of `currency`. */
    amount: bigint("amount", { mode: "number" }),
    currency: varchar("currency", { length: 3 }),
    /** What the client is chased to pay. */
    paymentRequestId: idColumn<"PaymentRequest">("payment_request_id"),
    /** Since when a payment is on its way, which holds the chase until it succeeds or fails. */
    payingAt: instant("paying_at"),
    /** The rule that put the client on the reminder, and takes them off again. */
    tagRuleId: idColumn<"TagRule">("tag_rule_id"),
    /** Raised when the due date changes or falls away, so that calendars follow (RFC 5545 SEQUENCE). */
    calendarSequence: int("calendar_sequence").notNull().default(0),
    state: word<AssignmentState>("state").notNull(),
    /** The slot that a manual send took the place of. */
    replacedSlot: varchar("replaced_slot", { length: 120 }),
    round: int("round").notNull(),
    overrides: jsonColumn<StepOverrides>("overrides"),
    /** The revision of the plan that it is kept on; the reminder's present one when empty. */
    planRevision: int("plan_revision"),
    /** When the planner has to look at it next; for sequences. */
    nextAt: instant("next_at"),
    /** All steps up to here are planned or past. */
    plannedThrough: instant("planned_through"),
    /** The due rule's next period has been opened after it. */
    nextOpened: boolean("next_opened").notNull().default(false),
    hold: word<HoldReason>("hold"),
    /** When the hold ends by itself; a person ends it when empty. */
    holdUntil: instant("hold_until"),
    heldAt: instant("held_at"),
    holdNote: varchar("hold_note", { length: 500 }),
    /** The member in charge of it. */
    holdOwnerId: idColumn<"Member">("hold_owner_id"),
    closedBecause: word<ClosingFact>("closed_because"),
    closedAt: instant("closed_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("assignments_once").on(table.businessId, table.reminderId, table.clientId, table.period),
    index("assignments_client").on(table.businessId, table.clientId),
    index("assignments_closed").on(table.businessId, table.closedAt),
    index("assignments_due").on(table.businessId, table.state, table.dueOn),
    index("assignments_payment").on(table.businessId, table.paymentRequestId),
    index("assignments_tag_rule").on(table.businessId, table.tagRuleId),
    index("assignments_next").on(table.businessId, table.reminderId, table.nextAt),
    index("assignments_hold_ends").on(table.holdUntil),
    foreignKey({
      name: "assignments_reminder_fk",
      columns: [table.businessId, table.reminderId],
      foreignColumns: [reminders.businessId, reminders.id],
    }),
    foreignKey({
      name: "assignments_client_fk",
      columns: [table.businessId, table.clientId],
      foreignColumns: [clients.businessId, clients.id],
    }),
  ],
);
