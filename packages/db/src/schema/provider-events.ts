import type { ReceiptStatus } from "./receipt-status.ts";
import { index, int, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { idColumn, instant, word } from "./columns.ts";

export type ProviderEventResult = "applied" | "unmatched" | "failed";

/** What a provider reported, stored before it is answered. Applied in any order, any number of times. */
export const providerEvents = mysqlTable(
  "provider_events",
  {
    id: idColumn<"ProviderEvent">("id").notNull(),
    provider: word<string>("provider").notNull(),
    account: varchar("account", { length: 64 }).notNull(),
    eventKey: varchar("event_key", { length: 255 }).notNull(),
    token: idColumn<"Attempt">("token"),
    providerMessageId: varchar("provider_message_id", { length: 255 }),
    status: word<ReceiptStatus>("status").notNull(),
    code: varchar("code", { length: 64 }),
    reason: varchar("reason", { length: 500 }),
    crashes: int("crashes").notNull().default(0),
    receivedAt: instant("received_at").notNull(),
    appliedAt: instant("applied_at"),
    result: word<ProviderEventResult>("result"),
  },
  (table) => [
    primaryKey({ columns: [table.id] }),
    uniqueIndex("provider_events_once").on(table.provider, table.account, table.eventKey),
    index("provider_events_message").on(table.providerMessageId),
    index("provider_events_waiting").on(table.appliedAt, table.receivedAt),
  ],
);
