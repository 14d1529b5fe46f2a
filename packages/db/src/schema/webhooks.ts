import { foreignKey, index, int, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { idColumn, instant, jsonColumn, sealed, word } from "./columns.ts";

/** A removed one is gone for its business, and stays until its log is deleted. */
export const webhookEndpointStates = ["active", "paused", "removed"] as const;
export type WebhookEndpointState = (typeof webhookEndpointStates)[number];

/** An address of a business's own that hears of events. */
export const webhookEndpoints = mysqlTable(
  "webhook_endpoints",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"WebhookEndpoint">("id").notNull(),
    url: varchar("url", { length: 1_000 }).notNull(),
    description: varchar("description", { length: 200 }),
    /** The types of events that it hears of; all when empty. */
    events: jsonColumn<string[]>("events").notNull(),
    state: word<WebhookEndpointState>("state").notNull(),
    secret: sealed("secret", 512).notNull(),
    /** Signs too until then, while the receiver changes over. */
    oldSecret: sealed("old_secret", 512),
    oldSecretUntil: instant("old_secret_until"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    foreignKey({ name: "webhook_endpoints_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** Something that happened, with the ids of what it happened to. Written in the transaction in which it happened. */
export const webhookEvents = mysqlTable(
  "webhook_events",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"WebhookEvent">("id").notNull(),
    type: varchar("type", { length: 64 }).notNull(),
    /** Ids, states and amounts; neither addresses nor texts. */
    data: jsonColumn<Readonly<Record<string, unknown>>>("data").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    index("webhook_events_age").on(table.createdAt),
    foreignKey({ name: "webhook_events_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** `not_sent`: of a test business, from which nothing leaves. */
export const webhookCallStates = ["waiting", "delivered", "failed", "not_sent"] as const;
export type WebhookCallState = (typeof webhookCallStates)[number];

/** An event on its way to an endpoint. */
export const webhookCalls = mysqlTable(
  "webhook_calls",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"WebhookCall">("id").notNull(),
    endpointId: idColumn<"WebhookEndpoint">("endpoint_id").notNull(),
    eventId: idColumn<"WebhookEvent">("event_id").notNull(),
    /** 0, and one more for every replay. */
    round: int("round").notNull(),
    state: word<WebhookCallState>("state").notNull(),
    tries: int("tries").notNull().default(0),
    /** The only retry clock; while a try is under way, when it is given up. */
    nextAt: instant("next_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("webhook_calls_once").on(table.businessId, table.endpointId, table.eventId, table.round),
    index("webhook_calls_due").on(table.businessId, table.endpointId, table.state, table.nextAt),
    foreignKey({
      name: "webhook_calls_endpoint_fk",
      columns: [table.businessId, table.endpointId],
      foreignColumns: [webhookEndpoints.businessId, webhookEndpoints.id],
    }),
    foreignKey({
      name: "webhook_calls_event_fk",
      columns: [table.businessId, table.eventId],
      foreignColumns: [webhookEvents.businessId, webhookEvents.id],
    }),
  ],
);

/** One numbered try. */
export const webhookTries = mysqlTable(
  "webhook_tries",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    callId: idColumn<"WebhookCall">("call_id").notNull(),
    number: int("number").notNull(),
    /** The status that came back; empty when none did. */
    status: int("status"),
    /** Why none came, or what was wrong with it. */
    problem: varchar("problem", { length: 200 }),
    tookMs: int("took_ms").notNull(),
    startedAt: instant("started_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.callId, table.number] }),
    foreignKey({
      name: "webhook_tries_call_fk",
      columns: [table.businessId, table.callId],
      foreignColumns: [webhookCalls.businessId, webhookCalls.id],
    }),
  ],
);
