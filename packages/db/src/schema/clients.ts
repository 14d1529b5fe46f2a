import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { ClientFacts } from "@reminder-app/schedule/client-facts";
import { boolean, foreignKey, index, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { digest, idColumn, instant, jsonColumn, sealed, word } from "./columns.ts";
import type { ReminderType } from "./reminder-types.ts";

/** Which reminders a contact gets. `cc` gets a copy of all. */
export const contactRoles = ["primary", "billing", "documents", "cc"] as const;
export type ContactRole = (typeof contactRoles)[number];

/** Why a client is never chased: they pay by themselves, or are the firm's own record. */
export const neverChaseReasons = ["auto_billed", "internal"] as const;
export type NeverChase = (typeof neverChaseReasons)[number];

/** Channels in order of preference: for all reminders, and for one type where it differs. */
export type ChannelPreferences = { readonly any?: ChannelKind[] | undefined } & {
  readonly [Type in ReminderType]?: ChannelKind[] | undefined;
};

export const clients = mysqlTable(
  "clients",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Client">("id").notNull(),
    name: varchar("name", { length: 200 }).notNull(),
    externalId: varchar("external_id", { length: 100 }),
    timeZone: varchar("time_zone", { length: 64 }),
    locale: varchar("locale", { length: 35 }),
    /** What statutory due dates follow from. */
    facts: jsonColumn<ClientFacts>("facts"),
    neverChase: word<NeverChase>("never_chase"),
    /** Since when the client gets nothing, and until when; for good when only the first is set. */
    pausedAt: instant("paused_at"),
    pausedUntil: instant("paused_until"),
    archivedAt: instant("archived_at"),
    /** The client that this one turned out to be; it is archived, and its history is told with that one's. */
    mergedInto: idColumn<"Client">("merged_into"),
    erasedAt: instant("erased_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("clients_external_id").on(table.businessId, table.externalId),
    index("clients_merged").on(table.businessId, table.mergedInto),
    index("clients_name").on(table.businessId, table.name),
    foreignKey({ name: "clients_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

export const contacts = mysqlTable(
  "contacts",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Contact">("id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    name: varchar("name", { length: 200 }).notNull(),
    roles: jsonColumn<ContactRole[]>("roles").notNull(),
    preferences: jsonColumn<ChannelPreferences>("preferences").notNull(),
    timeZone: varchar("time_zone", { length: 64 }),
    locale: varchar("locale", { length: 35 }),
    archived: boolean("archived").notNull().default(false),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    index("contacts_client").on(table.businessId, table.clientId),
    foreignKey({
      name: "contacts_client_fk",
      columns: [table.businessId, table.clientId],
      foreignColumns: [clients.businessId, clients.id],
    }),
  ],
);

/** Where a contact is reached on a channel: encrypted, and found again by keyed hash. */
export const contactAddresses = mysqlTable(
  "contact_addresses",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    contactId: idColumn<"Contact">("contact_id").notNull(),
    channel: word<ChannelKind>("channel").notNull(),
    address: sealed("address", 512).notNull(),
    addressHash: digest("address_hash").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.contactId, table.channel] }),
    index("contact_addresses_hash").on(table.addressHash),
    foreignKey({
      name: "contact_addresses_contact_fk",
      columns: [table.businessId, table.contactId],
      foreignColumns: [contacts.businessId, contacts.id],
    }),
  ],
);
