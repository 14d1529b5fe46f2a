import { webhookCalls, webhookEndpoints } from "@reminder-app/db/schema/webhooks";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, ne, notExists, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type WebhookEndpoint = typeof webhookEndpoints.$inferSelect;
export type NewWebhookEndpoint = Omit<typeof webhookEndpoints.$inferInsert, "businessId">;

/** Every query below is limited to `businessId`; there is no unscoped way in. A removed endpoint is not there. */
export function webhookEndpointRepo({ db, businessId }: Scope) {
  const mine = eq(webhookEndpoints.businessId, businessId);
  const present = and(mine, ne(webhookEndpoints.state, "removed"));
  const one = (id: Id<"WebhookEndpoint">) => and(present, eq(webhookEndpoints.id, id));

  async function find(id: Id<"WebhookEndpoint">): Promise<WebhookEndpoint | undefined> {
    const [row] = await db.select().from(webhookEndpoints).where(one(id));
    return row;
  }

  async function get(id: Id<"WebhookEndpoint">): Promise<WebhookEndpoint> {
    const row = await find(id);
    if (!row) throw new NotFoundError("WebhookEndpoint", id);
    return row;
  }

  /** The row, locked until the transaction ends. */
  async function lock(id: Id<"WebhookEndpoint">): Promise<WebhookEndpoint> {
    const [row] = await db.select().from(webhookEndpoints).where(one(id)).for("update");
    if (!row) throw new NotFoundError("WebhookEndpoint", id);
    return row;
  }

  /** All of them, the oldest first. */
  async function list(): Promise<WebhookEndpoint[]> {
    return db.select().from(webhookEndpoints).where(present).orderBy(asc(webhookEndpoints.id));
  }

  async function insert(endpoint: NewWebhookEndpoint): Promise<void> {
    await db.insert(webhookEndpoints).values({ ...endpoint, businessId });
  }

  async function update(id: Id<"WebhookEndpoint">, change: Partial<NewWebhookEndpoint>): Promise<void> {
    await db.update(webhookEndpoints).set(change).where(one(id));
  }

  /** Delete removed endpoints of which the log holds nothing any more. */
  async function forgetRemoved(): Promise<void> {
    const calls = db
      .select({ one: sql`1` })
      .from(webhookCalls)
      .where(
        and(eq(webhookCalls.businessId, webhookEndpoints.businessId), eq(webhookCalls.endpointId, webhookEndpoints.id)),
      );
    await db.delete(webhookEndpoints).where(and(mine, eq(webhookEndpoints.state, "removed"), notExists(calls)));
  }

  return { find, get, lock, list, insert, update, forgetRemoved };
}
