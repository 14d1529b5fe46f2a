import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Schedule } from "@reminder-app/schedule/schedule";
import {
  bigint,
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
/** The fact that ends the chase. Marking an assignment done always ends it. */
export const stopRules = ["done", "paid", "received", "none"] as const;
export type StopRule = (typeof stopRules)[number];
/** `first_success` tries the allowed channels in order of preference, `all` sends on each. */
export const channelModes = ["first_success", "all"] as const;
export type ChannelMode = (typeof channelModes)[number];

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
    foreignKey({ name: "reminders_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

export type AssignmentState = "open" | "done" | "cancelled" | "exhausted";

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
    /** In minor units of `currency`. */
    amount: bigint("amount", { mode: "number" }),
    currency: varchar("currency", { length: 3 }),
    state: word<AssignmentState>("state").notNull(),
    /** The slot that a manual send took the place of. */
    replacedSlot: varchar("replaced_slot", { length: 120 }),
    round: int("round").notNull(),
    closedAt: instant("closed_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("assignments_once").on(table.businessId, table.reminderId, table.clientId, table.period),
    index("assignments_client").on(table.businessId, table.clientId),
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
