import { isOneOf } from "@reminder-app/db/bulk";
import { occurrences } from "@reminder-app/db/schema/deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Occurrence = typeof occurrences.$inferSelect;
export type NewOccurrence = Omit<typeof occurrences.$inferInsert, "businessId">;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function occurrenceRepo({ db, businessId }: Scope) {
  const mine = eq(occurrences.businessId, businessId);
  const one = (id: Id<"Occurrence">) => and(mine, eq(occurrences.id, id));

  async function lock(id: Id<"Occurrence">): Promise<Occurrence | undefined> {
    const [row] = await db.select().from(occurrences).where(one(id)).for("update");
    return row;
  }

  /** Insert what is not there yet: a second ring for the same moment changes nothing. */
  async function insertNew(rows: readonly NewOccurrence[]): Promise<void> {
    if (rows.length === 0) return;
    await db
      .insert(occurrences)
      .values(rows.map((row) => ({ ...row, businessId })))
      .onDuplicateKeyUpdate({ set: { businessId: sql`${occurrences.businessId}` } });
  }

  /** Which of these moments of a reminder are there already. */
  async function knownSlots(reminderId: Id<"Reminder">, slotKeys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await db
      .select({ slotKey: occurrences.slotKey })
      .from(occurrences)
      .where(and(mine, eq(occurrences.reminderId, reminderId), isOneOf(occurrences.slotKey, slotKeys)));
    return new Set(rows.map(({ slotKey }) => slotKey));
  }

  async function update(id: Id<"Occurrence">, change: Partial<NewOccurrence>): Promise<void> {
    await db.update(occurrences).set(change).where(one(id));
  }

  async function remove(id: Id<"Occurrence">): Promise<void> {
    await db.delete(occurrences).where(one(id));
  }

  /** What of a reminder is not fully expanded yet, in the order of time. */
  async function unexpanded(reminderId: Id<"Reminder">): Promise<Id<"Occurrence">[]> {
    const rows = await db
      .select({ id: occurrences.id })
      .from(occurrences)
      .where(and(mine, eq(occurrences.reminderId, reminderId), inArray(occurrences.state, ["planned", "expanding"])))
      .orderBy(asc(occurrences.dueAt));
    return rows.map(({ id }) => id);
  }

  async function futureOf(reminderId: Id<"Reminder">, now: Date): Promise<Occurrence[]> {
    return db
      .select()
      .from(occurrences)
      .where(and(mine, eq(occurrences.reminderId, reminderId), gt(occurrences.dueAt, now)));
  }

  async function cancelUnexpanded(reminderId: Id<"Reminder">, at: Date): Promise<void> {
    await db
      .update(occurrences)
      .set({ state: "cancelled", reason: "reminder_cancelled", updatedAt: at })
      .where(and(mine, eq(occurrences.reminderId, reminderId), inArray(occurrences.state, ["planned", "expanding"])));
  }

  return { lock, insertNew, knownSlots, update, remove, unexpanded, futureOf, cancelUnexpanded };
}
