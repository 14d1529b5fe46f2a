import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, gt, inArray, lte, max, ne, notExists, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";
import type { ReasonCode } from "../reasons.ts";

export type Occurrence = typeof occurrences.$inferSelect;
export type NewOccurrence = Omit<typeof occurrences.$inferInsert, "businessId">;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function occurrenceRepo({ db, businessId }: Scope) {
  const mine = eq(occurrences.businessId, businessId);

  /** Insert what is not there yet: a second ring for the same moment changes nothing. */
  async function insertNew(rows: readonly NewOccurrence[]): Promise<void> {
    if (rows.length === 0) return;
    const insert = insertRows(
      occurrences,
      rows.map((row) => ({ ...row, businessId })),
    );
    await db.execute(sql`${insert} on duplicate key update business_id = business_id`);
  }

  /** Which of these moments of a reminder are there already, by their names. */
  async function bySlot(
    reminderId: Id<"Reminder">,
    slotKeys: readonly string[],
  ): Promise<ReadonlyMap<string, Occurrence>> {
    if (slotKeys.length === 0) return new Map();
    const rows = await db
      .select()
      .from(occurrences)
      .where(and(mine, eq(occurrences.reminderId, reminderId), isOneOf(occurrences.slotKey, slotKeys)));
    return new Map(rows.map((row) => [row.slotKey, row]));
  }

  /** All moments that were planned for some assignments alone. */
  async function ofAssignments(ids: readonly Id<"Assignment">[]): Promise<Occurrence[]> {
    return db
      .select()
      .from(occurrences)
      .where(and(mine, isOneOf(occurrences.assignmentId, ids)));
  }

  /** When the latest moment up to `now` was that some assignments have had, left out what was filed in a pause. */
  async function lastUsed(
    ids: readonly Id<"Assignment">[],
    now: Date,
  ): Promise<ReadonlyMap<Id<"Assignment"> | null, Date | null>> {
    const rows = await db
      .select({ id: occurrences.assignmentId, dueAt: max(occurrences.dueAt) })
      .from(occurrences)
      .where(
        and(
          mine,
          isOneOf(occurrences.assignmentId, ids),
          ne(occurrences.state, "cancelled"),
          lte(occurrences.dueAt, now),
        ),
      )
      .groupBy(occurrences.assignmentId);
    return new Map(rows.map(({ id, dueAt }) => [id, dueAt]));
  }

  async function update(id: Id<"Occurrence">, change: Partial<NewOccurrence>): Promise<void> {
    await updateMany([id], change);
  }

  async function updateMany(ids: readonly Id<"Occurrence">[], change: Partial<NewOccurrence>): Promise<void> {
    if (ids.length === 0) return;
    await db
      .update(occurrences)
      .set(change)
      .where(and(mine, isOneOf(occurrences.id, ids)));
  }

  /** Remove those of `ids` that have no delivery. */
  async function removeEmpty(ids: readonly Id<"Occurrence">[]): Promise<void> {
    if (ids.length === 0) return;
    const delivery = db
      .select({ one: sql`1` })
      .from(deliveries)
      .where(and(eq(deliveries.businessId, occurrences.businessId), eq(deliveries.occurrenceId, occurrences.id)));
    await db.delete(occurrences).where(and(mine, isOneOf(occurrences.id, ids), notExists(delivery)));
  }

  /** What of some reminders is not fully expanded yet, in the order of time. It stays so while their rows are locked. */
  async function unexpanded(reminderIds: readonly Id<"Reminder">[]): Promise<Occurrence[]> {
    return db
      .select()
      .from(occurrences)
      .where(
        and(mine, isOneOf(occurrences.reminderId, reminderIds), inArray(occurrences.state, ["planned", "expanding"])),
      )
      .orderBy(asc(occurrences.dueAt), asc(occurrences.id));
  }

  async function futureOf(reminderId: Id<"Reminder">, now: Date): Promise<Id<"Occurrence">[]> {
    const rows = await db
      .select({ id: occurrences.id })
      .from(occurrences)
      .where(and(mine, eq(occurrences.reminderId, reminderId), gt(occurrences.dueAt, now)));
    return rows.map(({ id }) => id);
  }

  async function cancelUnexpanded(reminderId: Id<"Reminder">, at: Date): Promise<void> {
    await db
      .update(occurrences)
      .set({ state: "cancelled", reason: "reminder_cancelled" satisfies ReasonCode, updatedAt: at })
      .where(and(mine, eq(occurrences.reminderId, reminderId), inArray(occurrences.state, ["planned", "expanding"])));
  }

  return {
    insertNew,
    bySlot,
    ofAssignments,
    lastUsed,
    update,
    updateMany,
    removeEmpty,
    unexpanded,
    futureOf,
    cancelUnexpanded,
  };
}
