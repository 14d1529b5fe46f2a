import { foreignKey, mysqlTable, primaryKey, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { idColumn, instant, jsonColumn } from "./columns.ts";

/** What people did: append-only. */
export const auditEvents = mysqlTable(
  "audit_events",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"AuditEvent">("id").notNull(),
    actor: varchar("actor", { length: 64 }).notNull(),
    action: varchar("action", { length: 64 }).notNull(),
    entityId: varchar("entity_id", { length: 36 }).notNull(),
    details: jsonColumn<Readonly<Record<string, unknown>>>("details").notNull(),
    requestId: varchar("request_id", { length: 64 }),
    at: instant("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    foreignKey({ name: "audit_events_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
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
    foreignKey({ name: "idempotency_keys_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);
