import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { QuietHours } from "@reminder-app/schedule/quiet-hours";
import { mysqlTable, primaryKey, varchar } from "drizzle-orm/mysql-core";
import { idColumn, instant, jsonColumn, word } from "./columns.ts";

export type BusinessStatus = "active" | "suspended";
/** What happens to an email whose outcome stays unknown: one more try (perhaps one extra message), or a person decides. */
export type UnknownEmailChoice = "resend" | "hold";

export const businesses = mysqlTable(
  "businesses",
  {
    id: idColumn<"Business">("id").notNull(),
    name: varchar("name", { length: 200 }).notNull(),
    status: word<BusinessStatus>("status").notNull(),
    timeZone: varchar("time_zone", { length: 64 }).notNull(),
    locale: varchar("locale", { length: 35 }).notNull(),
    defaultChannels: jsonColumn<ChannelKind[]>("default_channels").notNull(),
    postalAddress: varchar("postal_address", { length: 500 }),
    quietHours: jsonColumn<QuietHours>("quiet_hours"),
    unknownEmail: word<UnknownEmailChoice>("unknown_email").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.id] })],
);
