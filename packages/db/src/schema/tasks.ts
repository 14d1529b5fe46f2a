import { foreignKey, index, int, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { idColumn, instant, word } from "./columns.ts";

/** What a person has to look at. */
export const taskKinds = [
  "exhausted",
  "missed",
  "broken_promise",
  "no_due_date",
  "zone_data_old",
  "says_paid",
  "not_applicable",
  "overpaid",
  "refunded",
  "payment_disputed",
  "payment_failed",
  "document_review",
  "link_asked",
  "webhook_failing",
] as const;
export type TaskKind = (typeof taskKinds)[number];
export const taskStates = ["open", "closed"] as const;
export type TaskState = (typeof taskStates)[number];

/** Work for the firm's staff. One open task for a subject, which counts what is added to it. */
export const tasks = mysqlTable(
  "tasks",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Task">("id").notNull(),
    kind: word<TaskKind>("kind").notNull(),
    state: word<TaskState>("state").notNull(),
    /** What it is about; empty once it is closed, so that a new one may be opened. */
    openSubject: varchar("open_subject", { length: 80 }),
    reminderId: idColumn<"Reminder">("reminder_id"),
    clientId: idColumn<"Client">("client_id"),
    assignmentId: idColumn<"Assignment">("assignment_id"),
    ownerId: idColumn<"Member">("owner_id"),
    note: varchar("note", { length: 500 }),
    /** How often it happened while the task was open. */
    count: int("count").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    closedAt: instant("closed_at"),
    closedBy: varchar("closed_by", { length: 80 }),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("tasks_open_once").on(table.businessId, table.kind, table.openSubject),
    index("tasks_client").on(table.businessId, table.clientId),
    index("tasks_state").on(table.businessId, table.state, table.id),
    foreignKey({ name: "tasks_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);
