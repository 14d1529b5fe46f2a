import { bigint, foreignKey, index, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { digest, idColumn, instant, jsonColumn } from "./columns.ts";

/** What people and keys did: append-only, and chained within a business, so that a changed or missing row is seen. */
export const auditEvents = mysqlTable(
  "audit_events",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"AuditEvent">("id").notNull(),
    /** 1, 2, 3 …; empty on rows from before the chain. */
    seq: bigint("seq", { mode: "number" }),
    actor: varchar("actor", { length: 64 }).notNull(),
    action: varchar("action", { length: 64 }).notNull(),
    entityId: varchar("entity_id", { length: 36 }).notNull(),
    details: jsonColumn<Readonly<Record<string, unknown>>>("details").notNull(),
    requestId: varchar("request_id", { length: 64 }),
    at: instant("at").notNull(),
    /** SHA-256 of what the event says. It stays when the event's details are erased. */
    digest: digest("digest"),
    /** SHA-256 of the hash before it and of `digest`. */
    hash: digest("hash"),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("audit_events_chain").on(table.businessId, table.seq),
    index("audit_events_entity").on(table.businessId, table.entityId, table.at),
    foreignKey({ name: "audit_events_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** Where a business's chain ends. Writers lock this row, so that links are added one after another. */
export const auditHeads = mysqlTable(
  "audit_heads",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    hash: digest("hash").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId] }),
    foreignKey({ name: "audit_heads_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** The answer to a request that carried an Idempotency-Key, written in the transaction of its verb. */
export const idempotencyKeys = mysqlTable(
  "idempotency_keys",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    actor: varchar("actor", { length: 64 }).notNull(),
    route: varchar("route", { length: 100 }).notNull(),
    key: varchar("idempotency_key", { length: 100 }).notNull(),
    bodyHash: varchar("body_hash", { length: 64 }).notNull(),
    answer: jsonColumn<{ status: number; location?: string; body: unknown }>("answer"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.actor, table.route, table.key] }),
    index("idempotency_keys_age").on(table.createdAt),
    foreignKey({ name: "idempotency_keys_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);
