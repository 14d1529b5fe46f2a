import { isOneOf } from "@reminder-app/db/bulk";
import { webhookCalls, webhookEvents, webhookTries } from "@reminder-app/db/schema/webhooks";
import { and, asc, eq } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function webhookLogRepo({ db, businessId }: Scope) {
  /** Delete at most `limit` events that happened before `at`, with their calls and tries. Answers how many. */
  async function forget(at: Date, limit: number): Promise<number> {
    // Ids are in the order of time: when the first ones are young, all are.
    const first = await db
      .select({ id: webhookEvents.id, createdAt: webhookEvents.createdAt })
      .from(webhookEvents)
      .where(eq(webhookEvents.businessId, businessId))
      .orderBy(asc(webhookEvents.id))
      .limit(limit);
    const old = first.filter(({ createdAt }) => createdAt < at).map(({ id }) => id);
    if (old.length === 0) return 0;
    const calls = await db
      .select({ id: webhookCalls.id })
      .from(webhookCalls)
      .where(and(eq(webhookCalls.businessId, businessId), isOneOf(webhookCalls.eventId, old)));
    const ids = calls.map(({ id }) => id);
    await db.transaction(async (tx) => {
      await tx
        .delete(webhookTries)
        .where(and(eq(webhookTries.businessId, businessId), isOneOf(webhookTries.callId, ids)));
      await tx.delete(webhookCalls).where(and(eq(webhookCalls.businessId, businessId), isOneOf(webhookCalls.id, ids)));
      await tx
        .delete(webhookEvents)
        .where(and(eq(webhookEvents.businessId, businessId), isOneOf(webhookEvents.id, old)));
    });
    return old.length;
  }

  return { forget };
}
