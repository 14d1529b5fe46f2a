import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { foreignKey, index, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { digest, idColumn, instant, sealed, word } from "./columns.ts";

/** The strongest first: what the person asked for is never replaced by what a provider or a member says. */
export const suppressionReasons = ["opted_out", "bounced", "complained", "manual"] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** An address that a business may not write to on a channel: by its keyed hash, so that it outlives the client's data. */
export const suppressions = mysqlTable(
  "suppressions",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    channel: word<ChannelKind>("channel").notNull(),
    addressHash: digest("address_hash").notNull(),
    reason: word<SuppressionReason>("reason").notNull(),
    /** Where it came from: a link, a word by SMS, a member. */
    source: varchar("source", { length: 100 }).notNull(),
    createdAt: instant("created_at").notNull(),
    /** Set when the person asked to be written to again, or a member lifted it. */
    liftedAt: instant("lifted_at"),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.channel, table.addressHash] }),
    foreignKey({ name: "suppressions_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** What a client wrote to a number of ours, stored before it is answered. The text is not kept, only the word it is. */
export const inboundMessages = mysqlTable(
  "inbound_messages",
  {
    id: idColumn<"InboundMessage">("id").notNull(),
    provider: word<string>("provider").notNull(),
    account: varchar("account", { length: 64 }).notNull(),
    eventKey: varchar("event_key", { length: 255 }).notNull(),
    channel: word<ChannelKind>("channel").notNull(),
    sender: sealed("sender", 512).notNull(),
    senderHash: digest("sender_hash").notNull(),
    keyword: word<"stop" | "start" | "help">("keyword"),
    receivedAt: instant("received_at").notNull(),
    /** When the answer to HELP was handed over; set before it is, for it goes once at most. */
    answeredAt: instant("answered_at"),
  },
  (table) => [
    primaryKey({ columns: [table.id] }),
    uniqueIndex("inbound_messages_once").on(table.provider, table.account, table.eventKey),
    index("inbound_messages_age").on(table.receivedAt),
  ],
);
