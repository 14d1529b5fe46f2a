import type { DbOrTransaction } from "@reminder-app/db/database";
import { businesses } from "@reminder-app/db/schema/businesses";
import { deliveries, occurrences, waitingStates, inFlightStates } from "@reminder-app/db/schema/deliveries";
import { accountMails } from "@reminder-app/db/schema/members";
import { providerEvents } from "@reminder-app/db/schema/provider-events";
import { assignments, reminders, goingStatuses } from "@reminder-app/db/schema/reminders";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, count, eq, gt, gte, inArray, isNull, lte, min, notExists, or, sql, type Column } from "drizzle-orm";
import type { ReasonCode } from "../reasons.ts";

/** Where a row is, and nothing of what is in it: all that is read across businesses. */
export interface DueReminder {
  readonly businessId: Id<"Business">;
  readonly reminderId: Id<"Reminder">;
}

export interface DueHold extends DueReminder {
  readonly assignmentId: Id<"Assignment">;
}

export interface DueDelivery {
  readonly businessId: Id<"Business">;
  readonly deliveryId: Id<"Delivery">;
  readonly channel: ChannelKind;
  readonly fence: number;
  readonly nextAt: Date | null;
}

/** What is overdue, across all live businesses; for the sweep only. Test businesses move by their own clocks. */
export function overdueRepo(db: DbOrTransaction) {
  /** Looked up for each row that is overdue, so that the index on what is due leads and no other. */
  const isLive = (businessId: Column) =>
    notExists(
      db
        .select({ one: sql`1` })
        .from(businesses)
        .where(and(eq(businesses.id, businessId), eq(businesses.mode, "test"))),
    );

  /** Active and paused reminders whose next moment is at or before `before`. */
  async function remindersToPlan(before: Date, limit: number): Promise<DueReminder[]> {
    return db
      .select({ businessId: reminders.businessId, reminderId: reminders.id })
      .from(reminders)
      .where(
        and(inArray(reminders.status, goingStatuses), lte(reminders.nextDueAt, before), isLive(reminders.businessId)),
      )
      .orderBy(asc(reminders.nextDueAt))
      .limit(limit);
  }

  /** Reminders with a fan-out that has not moved since `before`. */
  async function remindersToExpand(before: Date, limit: number): Promise<DueReminder[]> {
    return db
      .selectDistinct({ businessId: occurrences.businessId, reminderId: occurrences.reminderId })
      .from(occurrences)
      .where(
        and(
          inArray(occurrences.state, ["planned", "expanding"]),
          lte(occurrences.updatedAt, before),
          isLive(occurrences.businessId),
        ),
      )
      .limit(limit);
  }

  /** Paused reminders whose pause was to end by `before`. */
  async function remindersToResume(before: Date, limit: number): Promise<DueReminder[]> {
    return db
      .select({ businessId: reminders.businessId, reminderId: reminders.id })
      .from(reminders)
      .where(and(eq(reminders.status, "paused"), lte(reminders.pausedUntil, before), isLive(reminders.businessId)))
      .limit(limit);
  }

  /** Assignments whose hold was to end by `before`. */
  async function holdsToEnd(before: Date, limit: number): Promise<DueHold[]> {
    const { businessId, reminderId, id: assignmentId } = assignments;
    return db
      .select({ businessId, reminderId, assignmentId })
      .from(assignments)
      .where(and(lte(assignments.holdUntil, before), isLive(businessId)))
      .limit(limit);
  }

  /** Deliveries that should have been tried or resolved by `before`, the oldest first; the next ones after `cursor`. */
  async function deliveriesToSend(before: Date, limit: number, cursor?: DueDelivery): Promise<DueDelivery[]> {
    const { nextAt, deliveryId } = cursor ?? {};
    const further =
      nextAt && deliveryId
        ? or(gt(deliveries.nextAt, nextAt), and(eq(deliveries.nextAt, nextAt), gt(deliveries.id, deliveryId)))
        : undefined;
    return db
      .select({
        businessId: deliveries.businessId,
        deliveryId: deliveries.id,
        channel: deliveries.channel,
        fence: deliveries.fence,
        nextAt: deliveries.nextAt,
      })
      .from(deliveries)
      .where(
        and(
          inArray(deliveries.state, [...waitingStates, "unknown"]),
          lte(deliveries.nextAt, before),
          isLive(deliveries.businessId),
          further,
        ),
      )
      .orderBy(asc(deliveries.nextAt), asc(deliveries.id))
      .limit(limit);
  }

  /** Deliveries whose lease has run out by the database's clock become unknown: the provider may have been called. */
  async function expireLeases(now: Date, limit: number): Promise<number> {
    return db.transaction(async (tx) => {
      const expired = await tx
        .select({ businessId: deliveries.businessId, id: deliveries.id })
        .from(deliveries)
        .where(and(eq(deliveries.state, "sending"), lte(deliveries.leaseUntil, sql`utc_timestamp(3)`)))
        .limit(limit)
        .for("update", { skipLocked: true });
      for (const { businessId, id } of expired) {
        await tx
          .update(deliveries)
          .set({
            state: "unknown",
            reason: "lease_expired" satisfies ReasonCode,
            nextAt: now,
            leaseUntil: null,
            unknownSince: now,
            updatedAt: now,
          })
          .where(and(eq(deliveries.businessId, businessId), eq(deliveries.id, id)));
      }
      return expired.length;
    });
  }

  /** Provider events that were stored by `before` and not applied yet. */
  async function eventsToApply(before: Date, limit: number): Promise<Id<"ProviderEvent">[]> {
    const rows = await db
      .select({ id: providerEvents.id })
      .from(providerEvents)
      .where(and(isNull(providerEvents.appliedAt), lte(providerEvents.receivedAt, before)))
      .orderBy(asc(providerEvents.receivedAt))
      .limit(limit);
    return rows.map(({ id }) => id);
  }

  /** Mail about accounts that should have been sent by `before`. */
  async function accountMailsToSend(before: Date, limit: number): Promise<Id<"AccountMail">[]> {
    const rows = await db
      .select({ id: accountMails.id })
      .from(accountMails)
      .where(lte(accountMails.nextAt, before))
      .orderBy(asc(accountMails.nextAt))
      .limit(limit);
    return rows.map(({ id }) => id);
  }

  /** File occurrences as settled when nothing of them is open any more. */
  async function settleOccurrences(now: Date, limit: number): Promise<number> {
    const open = db
      .select({ one: sql`1` })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.businessId, occurrences.businessId),
          eq(deliveries.occurrenceId, occurrences.id),
          inArray(deliveries.state, [...waitingStates, ...inFlightStates]),
        ),
      );
    const rows = await db
      .select({ businessId: occurrences.businessId, id: occurrences.id })
      .from(occurrences)
      .where(
        and(
          eq(occurrences.state, "expanded"),
          lte(occurrences.dueAt, now),
          isLive(occurrences.businessId),
          notExists(open),
        ),
      )
      .limit(limit);
    if (rows.length === 0) return 0;
    const [{ affectedRows }] = await db
      .update(occurrences)
      .set({ state: "settled", updatedAt: now })
      .where(
        or(...rows.map(({ businessId, id }) => and(eq(occurrences.businessId, businessId), eq(occurrences.id, id)))),
      );
    return affectedRows;
  }

  /** When the oldest delivery that is due and has not left should have gone. */
  async function oldestDueAt(now: Date): Promise<Date | undefined> {
    const [row] = await db
      .select({ oldest: min(deliveries.nextAt) })
      .from(deliveries)
      .where(and(inArray(deliveries.state, waitingStates), lte(deliveries.nextAt, now), isLive(deliveries.businessId)));
    return row?.oldest ?? undefined;
  }

  /** How many moments that were due at `from` or later were missed. */
  async function missedSince(from: Date): Promise<number> {
    const [row] = await db
      .select({ missed: count() })
      .from(occurrences)
      .where(and(eq(occurrences.state, "missed"), gte(occurrences.dueAt, from), isLive(occurrences.businessId)));
    return row?.missed ?? 0;
  }

  return {
    missedSince,
    remindersToPlan,
    remindersToExpand,
    remindersToResume,
    holdsToEnd,
    deliveriesToSend,
    expireLeases,
    eventsToApply,
    accountMailsToSend,
    settleOccurrences,
    oldestDueAt,
  };
}
