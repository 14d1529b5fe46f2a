import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { date, foreignKey, int, mysqlTable, primaryKey, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { idColumn, instant, word } from "./columns.ts";
import type { DeliveryState } from "./deliveries.ts";

/**
 * How many deliveries there are of each kind, by the local day and hour in which they were made. Derived from the
 * deliveries, so that reports need not count them all: thrown away and counted again at any time.
 */
export const deliveryCounts = mysqlTable(
  "delivery_counts",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    hour: int("hour").notNull(),
    reminderId: idColumn<"Reminder">("reminder_id").notNull(),
    /** Empty where the reminder has no steps. */
    stepId: varchar("step_id", { length: 40 }).notNull(),
    channel: word<ChannelKind>("channel").notNull(),
    state: word<DeliveryState>("state").notNull(),
    /** Empty where there is none. */
    reason: varchar("reason", { length: 64 }).notNull(),
    deliveries: int("deliveries").notNull(),
  },
  (table) => [
    primaryKey({
      name: "delivery_counts_pk",
      columns: [
        table.businessId,
        table.day,
        table.hour,
        table.reminderId,
        table.stepId,
        table.channel,
        table.state,
        table.reason,
      ],
    }),
    foreignKey({ name: "delivery_counts_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** Up to when a business's deliveries are counted, and in whose days. */
export const countedDeliveries = mysqlTable(
  "counted_deliveries",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    timeZone: varchar("time_zone", { length: 64 }).notNull(),
    /** What was changed up to then is counted. */
    through: instant("through").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId] }),
    foreignKey({
      name: "counted_deliveries_business_fk",
      columns: [table.businessId],
      foreignColumns: [businesses.id],
    }),
  ],
);
