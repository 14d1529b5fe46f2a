import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { type WebhookCallState, webhookCalls, webhookEvents, webhookTries } from "@reminder-app/db/schema/webhooks";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, desc, eq, lt, lte, max, min, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";
import type { WebhookEvent } from "./webhook-events.repo.ts";

export type WebhookCall = typeof webhookCalls.$inferSelect;
export type WebhookTry = typeof webhookTries.$inferSelect;
export type CallWithEvent = WebhookCall & { readonly event: Omit<WebhookEvent, "businessId"> };

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function webhookCallRepo({ db, businessId }: Scope) {
  const mine = eq(webhookCalls.businessId, businessId);
  const { id: eventId, type, data, createdAt } = webhookEvents;
  const event = { id: eventId, type, data, createdAt };
  const withEvent = () =>
    db
      .select({ call: webhookCalls, event })
      .from(webhookCalls)
      .innerJoin(
        webhookEvents,
        and(eq(webhookEvents.businessId, webhookCalls.businessId), eq(webhookEvents.id, webhookCalls.eventId)),
      );

  async function get(endpointId: Id<"WebhookEndpoint">, id: Id<"WebhookCall">): Promise<CallWithEvent> {
    const [row] = await withEvent().where(and(mine, eq(webhookCalls.endpointId, endpointId), eq(webhookCalls.id, id)));
    if (!row) throw new NotFoundError("WebhookCall", id);
    return { ...row.call, event: row.event };
  }

  /** The newest first. */
  async function page(
    { endpointId, state }: { endpointId: Id<"WebhookEndpoint">; state?: WebhookCallState | undefined },
    { limit, cursor }: { limit: number; cursor?: Id<"WebhookCall"> | undefined },
  ): Promise<CallWithEvent[]> {
    const rows = await withEvent()
      .where(
        and(
          mine,
          eq(webhookCalls.endpointId, endpointId),
          state && eq(webhookCalls.state, state),
          cursor && lt(webhookCalls.id, cursor),
        ),
      )
      .orderBy(desc(webhookCalls.id))
      .limit(limit + 1);
    return rows.map(({ call, event: told }) => ({ ...call, event: told }));
  }

  /** The tries of some calls, the first one first. */
  async function triesOf(ids: readonly Id<"WebhookCall">[]): Promise<WebhookTry[]> {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(webhookTries)
      .where(and(eq(webhookTries.businessId, businessId), isOneOf(webhookTries.callId, ids)))
      .orderBy(asc(webhookTries.callId), asc(webhookTries.number));
  }

  async function lastRound({ endpointId, eventId }: Pick<WebhookCall, "endpointId" | "eventId">): Promise<number> {
    const [row] = await db
      .select({ round: max(webhookCalls.round) })
      .from(webhookCalls)
      .where(and(mine, eq(webhookCalls.endpointId, endpointId), eq(webhookCalls.eventId, eventId)));
    return row?.round ?? 0;
  }

  /** Those that wait for an endpoint and are due, the oldest first, locked; what somebody else holds is passed over. */
  async function lockDue(endpointId: Id<"WebhookEndpoint">, now: Date, limit: number): Promise<WebhookCall[]> {
    return db
      .select()
      .from(webhookCalls)
      .where(
        and(
          mine,
          eq(webhookCalls.endpointId, endpointId),
          eq(webhookCalls.state, "waiting"),
          lte(webhookCalls.nextAt, now),
        ),
      )
      .orderBy(asc(webhookCalls.nextAt))
      .limit(limit)
      .for("update", { skipLocked: true });
  }

  /** Theirs until `nextAt` who try them now. */
  async function claim(ids: readonly Id<"WebhookCall">[], { nextAt, now }: { nextAt: Date; now: Date }): Promise<void> {
    await db
      .update(webhookCalls)
      .set({ nextAt, tries: sql`${webhookCalls.tries} + 1`, updatedAt: now })
      .where(and(mine, isOneOf(webhookCalls.id, ids)));
  }

  async function insertTries(tries: readonly Omit<WebhookTry, "businessId">[]): Promise<void> {
    await db.execute(
      insertRows(
        webhookTries,
        tries.map((row) => ({ ...row, businessId })),
      ),
    );
  }

  async function finishTry(
    { callId, number }: Pick<WebhookTry, "callId" | "number">,
    change: Partial<WebhookTry>,
  ): Promise<void> {
    await db
      .update(webhookTries)
      .set(change)
      .where(
        and(eq(webhookTries.businessId, businessId), eq(webhookTries.callId, callId), eq(webhookTries.number, number)),
      );
  }

  /** Write what became of a call, if it still waits and its last try is ours. False: somebody else has it. */
  async function settle({ id, tries }: WebhookCall, change: Partial<WebhookCall>): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(webhookCalls)
      .set(change)
      .where(and(mine, eq(webhookCalls.id, id), eq(webhookCalls.state, "waiting"), eq(webhookCalls.tries, tries)));
    return affectedRows === 1;
  }

  async function firstTriedAt(id: Id<"WebhookCall">): Promise<Date | undefined> {
    const [row] = await db
      .select({ at: min(webhookTries.startedAt) })
      .from(webhookTries)
      .where(and(eq(webhookTries.businessId, businessId), eq(webhookTries.callId, id)));
    return row?.at ?? undefined;
  }

  return { get, page, triesOf, lastRound, lockDue, claim, insertTries, finishTry, settle, firstTriedAt };
}
