import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { foreignKey, index, mysqlTable, primaryKey, text, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { idColumn, instant, sealed, word } from "./columns.ts";

/** What a test business would have sent. */
export const testMessages = mysqlTable(
  "test_messages",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"TestMessage">("id").notNull(),
    deliveryId: idColumn<"Delivery">("delivery_id").notNull(),
    channel: word<ChannelKind>("channel").notNull(),
    recipient: sealed("recipient", 512).notNull(),
    subject: varchar("subject", { length: 998 }),
    text: text("text").notNull(),
    sentAt: instant("sent_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    index("test_messages_delivery").on(table.businessId, table.deliveryId),
    foreignKey({ name: "test_messages_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);
