import { bigint, foreignKey, index, int, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { clients } from "./clients.ts";
import { digest, idColumn, instant, word } from "./columns.ts";
import { assignments } from "./reminders.ts";

/** `received` waits for staff to look at it; `waived` is not needed any more. Only what is missing or rejected is asked for. */
export const checklistStates = ["missing", "received", "accepted", "rejected", "waived"] as const;
export type ChecklistState = (typeof checklistStates)[number];

/** One thing that a client is asked to send. */
export const checklistItems = mysqlTable(
  "checklist_items",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"ChecklistItem">("id").notNull(),
    assignmentId: idColumn<"Assignment">("assignment_id").notNull(),
    position: int("position").notNull(),
    label: varchar("label", { length: 200 }).notNull(),
    state: word<ChecklistState>("state").notNull(),
    /** Why it was rejected, as the client is told. */
    reason: varchar("reason", { length: 500 }),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    index("checklist_items_assignment").on(table.businessId, table.assignmentId, table.position),
    foreignKey({
      name: "checklist_items_assignment_fk",
      columns: [table.businessId, table.assignmentId],
      foreignColumns: [assignments.businessId, assignments.id],
    }),
  ],
);

export const documentDirections = ["from_client", "to_client"] as const;
export type DocumentDirection = (typeof documentDirections)[number];
/** `storing`: its bytes may not be whole yet. Only what is `ready` can be read. */
export const documentStates = ["storing", "ready", "infected", "deleted"] as const;
export type DocumentState = (typeof documentStates)[number];

/** A file of a client's. Its bytes lie in the file store. */
export const documents = mysqlTable(
  "documents",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Document">("id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    assignmentId: idColumn<"Assignment">("assignment_id"),
    itemId: idColumn<"ChecklistItem">("item_id"),
    direction: word<DocumentDirection>("direction").notNull(),
    name: varchar("name", { length: 255 }).notNull(),
    mediaType: varchar("media_type", { length: 100 }).notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    sha256: digest("sha256"),
    state: word<DocumentState>("state").notNull(),
    uploadedBy: varchar("uploaded_by", { length: 80 }).notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    deletedAt: instant("deleted_at"),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    index("documents_client").on(table.businessId, table.clientId, table.id),
    index("documents_item").on(table.businessId, table.itemId),
    index("documents_age").on(table.state, table.createdAt),
    foreignKey({
      name: "documents_client_fk",
      columns: [table.businessId, table.clientId],
      foreignColumns: [clients.businessId, clients.id],
    }),
  ],
);

/** What a link is for; it opens nothing else. */
export const linkPurposes = ["page", "document", "calendar"] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

/** A client's way in without a password. The token is found by its SHA-256, expires, and can be revoked. */
export const clientLinks = mysqlTable(
  "client_links",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"ClientLink">("id").notNull(),
    purpose: word<LinkPurpose>("purpose").notNull(),
    tokenHash: digest("token_hash").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    /** Whom it was given to; empty where staff handed it over. */
    contactId: idColumn<"Contact">("contact_id"),
    documentId: idColumn<"Document">("document_id"),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("client_links_token").on(table.tokenHash),
    index("client_links_contact").on(table.businessId, table.contactId, table.purpose, table.expiresAt),
    index("client_links_client").on(table.businessId, table.clientId),
    foreignKey({
      name: "client_links_client_fk",
      columns: [table.businessId, table.clientId],
      foreignColumns: [clients.businessId, clients.id],
    }),
  ],
);

/** What was done with a link. `scanned`: opened by a program, so far as can be told. `refused`: it was expired or revoked. */
export const linkUses = [
  "opened",
  "scanned",
  "refused",
  "downloaded",
  "uploaded",
  "answered",
  "paying",
  "asked_again",
] as const;
export type LinkUse = (typeof linkUses)[number];

/** The access log of links. That a link was opened means nothing more: scanners open links. */
export const linkVisits = mysqlTable(
  "link_visits",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"LinkVisit">("id").notNull(),
    linkId: idColumn<"ClientLink">("link_id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    use: word<LinkUse>("use").notNull(),
    /** What was answered, or which document it was about. */
    about: varchar("about", { length: 80 }),
    /** By keyed hash: whether it is the same network as before can be seen, and not which. */
    networkHash: digest("network_hash"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    index("link_visits_link").on(table.businessId, table.linkId, table.id),
    index("link_visits_age").on(table.createdAt),
    foreignKey({
      name: "link_visits_link_fk",
      columns: [table.businessId, table.linkId],
      foreignColumns: [clientLinks.businessId, clientLinks.id],
    }),
  ],
);
