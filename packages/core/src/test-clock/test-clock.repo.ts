import { businesses } from "@reminder-app/db/schema/businesses";
import { type DeliveryState, deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import { type ReminderStatus, reminders } from "@reminder-app/db/schema/reminders";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, count, eq, gt, inArray, isNull, lte, min, notExists, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

/** The planner goes on with paused reminders too, and files what it finds. */
const planned: ReminderStatus[] = ["active", "paused"];
const open: DeliveryState[] = ["queued", "retry", "unknown"];

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
  const ownReminders = and(eq(reminders.businessId, businessId), inArray(reminders.status, planned));

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
    deliveriesToSend,
    nextPlanning,
    nextSend,
    settleOccurrences,
    countSkippedSince,
  };
}
