import { businesses } from "@reminder-app/db/schema/businesses";
import { type DeliveryState, deliveries, occurrences, waitingStates } from "@reminder-app/db/schema/deliveries";
import { assignments, reminders, goingStatuses } from "@reminder-app/db/schema/reminders";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, count, eq, gt, inArray, isNull, lte, min, notExists, sql } from "drizzle-orm";
import type { AssignmentKey } from "../assignments/assignment-key.ts";
import type { Scope } from "../ctx.ts";

const open: DeliveryState[] = [...waitingStates, "unknown"];

export interface DueDelivery {
  readonly id: Id<"Delivery">;
  readonly channel: ChannelKind;
}

/** What the clock of a test business passes. Every query below is limited to `businessId`. */
export function testClockRepo({ db, businessId }: Scope) {
  const self = eq(businesses.id, businessId);
  // By the business's own rows: the outbox's index has those of all businesses, due or not, for its clock may be ahead.
  const ownDeliveries = () => ({ forceIndex: ["PRIMARY"] });
  const openDeliveries = and(eq(deliveries.businessId, businessId), inArray(deliveries.state, open));
  const ownReminders = and(eq(reminders.businessId, businessId), inArray(reminders.status, goingStatuses));

  const pausedReminders = and(eq(reminders.businessId, businessId), eq(reminders.status, "paused"));

  /** Where the clock stands, locked until the transaction ends: those who would move it take turns. */
  async function lock(): Promise<Date | null> {
    const [row] = await db.select({ clockAt: businesses.clockAt }).from(businesses).where(self).for("update");
    return row?.clockAt ?? null;
  }

  async function moveTo(clockAt: Date): Promise<void> {
    await db.update(businesses).set({ clockAt }).where(self);
  }

  async function isAnythingPlanned(): Promise<boolean> {
    const rows = await db
      .select({ id: occurrences.id })
      .from(occurrences)
      .where(eq(occurrences.businessId, businessId))
      .limit(1);
    return rows.length > 0;
  }

  async function remindersToPlan(now: Date): Promise<Id<"Reminder">[]> {
    const rows = await db
      .select({ id: reminders.id })
      .from(reminders)
      .where(and(ownReminders, lte(reminders.nextDueAt, now)))
      .orderBy(asc(reminders.nextDueAt), asc(reminders.id));
    return rows.map(({ id }) => id);
  }

  /** Reminders with a fan-out that was broken off. */
  async function remindersToExpand(): Promise<Id<"Reminder">[]> {
    const rows = await db
      .selectDistinct({ id: occurrences.reminderId })
      .from(occurrences)
      .where(and(eq(occurrences.businessId, businessId), inArray(occurrences.state, ["planned", "expanding"])));
    return rows.map(({ id }) => id);
  }

  /** Reminders whose pause is over. */
  async function remindersToResume(now: Date): Promise<Id<"Reminder">[]> {
    const rows = await db
      .select({ id: reminders.id })
      .from(reminders)
      .where(and(pausedReminders, lte(reminders.pausedUntil, now)));
    return rows.map(({ id }) => id);
  }

  /** Assignments whose hold is over. */
  async function holdsToEnd(now: Date): Promise<AssignmentKey[]> {
    return db
      .select({ reminderId: assignments.reminderId, assignmentId: assignments.id })
      .from(assignments)
      .where(and(eq(assignments.businessId, businessId), lte(assignments.holdUntil, now)));
  }

  /** When the next pause or hold after `now` ends by itself. */
  async function nextPauseEnd(now: Date): Promise<Date | null> {
    const [pause] = await db
      .select({ at: min(reminders.pausedUntil) })
      .from(reminders)
      .where(and(pausedReminders, gt(reminders.pausedUntil, now)));
    const [hold] = await db
      .select({ at: min(assignments.holdUntil) })
      .from(assignments)
      .where(and(eq(assignments.businessId, businessId), gt(assignments.holdUntil, now)));
    return earliest([pause?.at, hold?.at]);
  }

  async function deliveriesToSend(now: Date, limit: number): Promise<DueDelivery[]> {
    return db
      .select({ id: deliveries.id, channel: deliveries.channel })
      .from(deliveries, ownDeliveries())
      .where(and(openDeliveries, lte(deliveries.nextAt, now)))
      .orderBy(asc(deliveries.nextAt), asc(deliveries.id))
      .limit(limit);
  }

  /** When the next reminder after `now` has to be planned. */
  async function nextPlanning(now: Date): Promise<Date | null> {
    const [row] = await db
      .select({ at: min(reminders.nextDueAt) })
      .from(reminders)
      .where(and(ownReminders, gt(reminders.nextDueAt, now)));
    return row?.at ?? null;
  }

  /** When the next delivery is due, or was. */
  async function nextSend(): Promise<Date | null> {
    const [row] = await db
      .select({ at: min(deliveries.nextAt) })
      .from(deliveries, ownDeliveries())
      .where(openDeliveries);
    return row?.at ?? null;
  }

  /** File occurrences as settled when nothing of them is open any more. */
  async function settleOccurrences(now: Date): Promise<void> {
    const isOpen = db
      .select({ one: sql`1` })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.businessId, businessId),
          eq(deliveries.occurrenceId, occurrences.id),
          inArray(deliveries.state, open),
        ),
      );
    await db
      .update(occurrences)
      .set({ state: "settled", updatedAt: now })
      .where(
        and(
          eq(occurrences.businessId, businessId),
          eq(occurrences.state, "expanded"),
          lte(occurrences.dueAt, now),
          notExists(isOpen),
        ),
      );
  }

  /** How many deliveries were made after `id` that are never to be sent. */
  async function countSkippedSince(id: Id<"Delivery">): Promise<number> {
    const [row] = await db
      .select({ skipped: count() })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.businessId, businessId),
          gt(deliveries.id, id),
          eq(deliveries.state, "skipped"),
          isNull(deliveries.addressHash),
        ),
      );
    return row?.skipped ?? 0;
  }

  return {
    lock,
    moveTo,
    isAnythingPlanned,
    remindersToPlan,
    remindersToExpand,
    remindersToResume,
    holdsToEnd,
    nextPauseEnd,
    deliveriesToSend,
    nextPlanning,
    nextSend,
    settleOccurrences,
    countSkippedSince,
  };
}

/** The first of some instants, of which any may be absent. */
export function earliest(moments: readonly (Date | null | undefined)[]): Date | null {
  const known = moments.filter((at) => at !== null && at !== undefined);
  return known.toSorted((one, other) => one.getTime() - other.getTime())[0] ?? null;
}
