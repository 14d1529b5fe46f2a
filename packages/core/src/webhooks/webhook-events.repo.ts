import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { type BusinessMode, businesses } from "@reminder-app/db/schema/businesses";
import { webhookCalls, webhookEndpoints, webhookEvents } from "@reminder-app/db/schema/webhooks";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, ne } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type WebhookEvent = typeof webhookEvents.$inferSelect;
type NewEvent = Omit<WebhookEvent, "businessId">;
export type NewCall = Omit<typeof webhookCalls.$inferInsert, "businessId">;

/** Who hears of what. */
export interface Listener {
  readonly id: Id<"WebhookEndpoint">;
  /** All types when empty. */
  readonly events: readonly string[];
  readonly mode: BusinessMode;
}

const CHUNK = 1_000;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function webhookEventRepo({ db, businessId }: Scope) {
  /** All endpoints that are there, also paused ones: what happens meanwhile waits for them. */
  async function listeners(): Promise<Listener[]> {
    return db
      .select({ id: webhookEndpoints.id, events: webhookEndpoints.events, mode: businesses.mode })
      .from(webhookEndpoints)
      .innerJoin(businesses, eq(businesses.id, webhookEndpoints.businessId))
      .where(and(eq(webhookEndpoints.businessId, businessId), ne(webhookEndpoints.state, "removed")));
  }

  async function insert(events: readonly NewEvent[], calls: readonly NewCall[]): Promise<void> {
    for (let from = 0; from < events.length; from += CHUNK) {
      const rows = events.slice(from, from + CHUNK);
      await db.execute(
        insertRows(
          webhookEvents,
          rows.map((row) => ({ ...row, businessId })),
        ),
      );
    }
    for (let from = 0; from < calls.length; from += CHUNK) {
      const rows = calls.slice(from, from + CHUNK);
      await db.execute(
        insertRows(
          webhookCalls,
          rows.map((row) => ({ ...row, businessId })),
        ),
      );
    }
  }

  /** Events by their ids. */
  async function some(ids: readonly Id<"WebhookEvent">[]): Promise<ReadonlyMap<Id<"WebhookEvent">, WebhookEvent>> {
    if (ids.length === 0) return new Map();
    const rows = await db
      .select()
      .from(webhookEvents)
      .where(and(eq(webhookEvents.businessId, businessId), isOneOf(webhookEvents.id, ids)));
    return new Map(rows.map((row) => [row.id, row]));
  }

  return { listeners, insert, some };
}
