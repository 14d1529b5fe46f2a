import { isOneOf } from "@reminder-app/db/bulk";
import { deliveries, waitingStates, inFlightStates } from "@reminder-app/db/schema/deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { type Column, type SQL, and, count, eq, exists, gt, inArray, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/mysql-core";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import type { ReasonCode } from "../reasons.ts";
import { type StopTarget, targetOf } from "./stop-target.repo.ts";

/** What stops, pauses and resumes write. Every query below is limited to `businessId`, and to the clients within reach. */
export function deliveryStopRepo(scope: Scope) {
  const { db } = scope;
  const mine = and(eq(deliveries.businessId, scope.businessId), withinReach(scope, deliveries.clientId));

  const carrier = alias(deliveries, "carrier");
  const carrierInFlight = db
    .select({ one: sql`1` })
    .from(carrier)
    .where(
      and(eq(carrier.businessId, deliveries.businessId), eq(carrier.id, deliveries.mergedInto), isInFlight(carrier)),
    );

  async function endWaiting(
    target: StopTarget,
    { state, reason, at }: { state: "cancelled" | "skipped"; reason: ReasonCode; at: Date },
  ): Promise<number> {
    const [{ affectedRows }] = await db
      .update(deliveries)
      .set({ state, reason, nextAt: null, updatedAt: at })
      .where(and(mine, targetOf(deliveries, target), inArray(deliveries.state, waitingStates)));
    return affectedRows;
  }

  /** With the lines of messages in flight; of the whole business when `target` is left out. */
  async function countInFlight(target?: StopTarget): Promise<number> {
    const [row] = await db
      .select({ inFlight: count() })
      .from(deliveries)
      .where(and(mine, target && targetOf(deliveries, target), or(isInFlight(deliveries), exists(carrierInFlight))));
    return row?.inFlight ?? 0;
  }

  /**
   * Put what waits off until `until`, or where that is later or empty until it expires; {@link wakeWaiting} ends that.
   * What has to go earlier than before gets a new job by a new fence: the old one may sleep for too long.
   */
  async function postponeWaiting(
    target: StopTarget,
    { reason, until, at }: { reason: ReasonCode; until: Date | null; at: Date },
  ): Promise<number> {
    const end = until
      ? sql`least(${deliveries.expiresAt}, ${sql.param(until, deliveries.expiresAt)})`
      : sql`${deliveries.expiresAt}`;
    const [{ affectedRows }] = await db
      .update(deliveries)
      .set({ fence: sql`${deliveries.fence} + (${end} < ${deliveries.nextAt})`, nextAt: end, reason, updatedAt: at })
      .where(and(mine, targetOf(deliveries, target), inArray(deliveries.state, waitingStates)));
    return affectedRows;
  }

  /**
   * Let go what a pause put off. A new fence gives the work a new job: the old one may sleep until the message would have
   * expired. What the planner left out because of the pause, and is still to come, goes at its time.
   */
  async function wakeWaiting(target: StopTarget, { reason, at }: { reason: ReasonCode; at: Date }): Promise<void> {
    const theirs = and(mine, targetOf(deliveries, target), eq(deliveries.reason, reason));
    await db
      .update(deliveries)
      .set({
        nextAt: sql`greatest(${deliveries.dueAt}, ${deliveries.createdAt})`,
        fence: sql`${deliveries.fence} + 1`,
        reason: null,
        updatedAt: at,
      })
      .where(and(theirs, inArray(deliveries.state, waitingStates)));
    await db
      .update(deliveries)
      .set({ state: "queued", nextAt: sql`${deliveries.dueAt}`, reason: null, updatedAt: at })
      .where(and(theirs, eq(deliveries.state, "skipped"), gt(deliveries.dueAt, at)));
  }

  /** What of the whole business waits. */
  async function waitingIds(): Promise<Id<"Delivery">[]> {
    return idsWhere(inArray(deliveries.state, waitingStates));
  }

  /** What of the whole business waits for the end of a pause, or was left out because of it and is still to come at `at`. */
  async function pausedIds(reason: ReasonCode, at: Date): Promise<Id<"Delivery">[]> {
    const isToCome = and(eq(deliveries.state, "skipped"), gt(deliveries.dueAt, at));
    return idsWhere(and(eq(deliveries.reason, reason), or(inArray(deliveries.state, waitingStates), isToCome)));
  }

  async function idsWhere(condition: SQL | undefined): Promise<Id<"Delivery">[]> {
    const rows = await db.select({ id: deliveries.id }).from(deliveries).where(and(mine, condition));
    return rows.map(({ id }) => id);
  }

  /** Let the claim judge anew what waits for one of these reasons, when other rules hold than those it waits by. */
  async function wakeBecause(changed: readonly ReasonCode[], at: Date): Promise<void> {
    const isMeant = and(inArray(deliveries.state, waitingStates), inArray(deliveries.reason, [...changed]));
    const ids = await idsWhere(isMeant);
    await db
      .update(deliveries)
      .set({
        nextAt: sql`greatest(${deliveries.dueAt}, ${sql.param(at, deliveries.dueAt)})`,
        fence: sql`${deliveries.fence} + 1`,
        updatedAt: at,
      })
      .where(and(mine, isOneOf(deliveries.id, ids), isMeant));
  }

  return { endWaiting, countInFlight, postponeWaiting, wakeWaiting, waitingIds, pausedIds, wakeBecause };
}

function isInFlight({ state }: { readonly state: Column }) {
  return inArray(state, inFlightStates);
}
