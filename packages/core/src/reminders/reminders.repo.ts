import { isOneOf } from "@reminder-app/db/bulk";
import { type ReminderStatus, reminders, goingStatuses } from "@reminder-app/db/schema/reminders";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, desc, eq, getTableColumns, inArray, lt } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Reminder = typeof reminders.$inferSelect;
export type NewReminder = Omit<typeof reminders.$inferInsert, "businessId">;
export type ReminderSummary = Omit<Reminder, "body" | "schedule">;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function reminderRepo({ db, businessId }: Scope) {
  const one = (id: Id<"Reminder">) => and(eq(reminders.businessId, businessId), eq(reminders.id, id));
  const some = (ids: readonly Id<"Reminder">[]) =>
    and(eq(reminders.businessId, businessId), isOneOf(reminders.id, ids));

  async function get(id: Id<"Reminder">): Promise<Reminder> {
    const [row] = await db.select().from(reminders).where(one(id));
    if (!row) throw new NotFoundError("Reminder", id);
    return row;
  }

  /** The row, locked until the transaction ends: planner, stops and changes of one reminder take turns. */
  async function lock(id: Id<"Reminder">): Promise<Reminder> {
    const [row] = await db.select().from(reminders).where(one(id)).for("update");
    if (!row) throw new NotFoundError("Reminder", id);
    return row;
  }

  /**
   * The same for many, in one order for all: whoever locks several meets nobody crosswise. What is not there is left out,
   * and of several what somebody else holds: for a single one it is waited.
   */
  async function lockMany(ids: readonly Id<"Reminder">[]): Promise<Reminder[]> {
    return db
      .select()
      .from(reminders)
      .where(some(ids))
      .orderBy(asc(reminders.id))
      .for("update", ids.length > 1 ? { skipLocked: true } : {});
  }

  /** The newest first, without the long columns. */
  async function page(
    filter: { status?: ReminderStatus | undefined },
    { limit, cursor }: { limit: number; cursor?: Id<"Reminder"> | undefined },
  ): Promise<ReminderSummary[]> {
    const { body: _, schedule: __, ...columns } = getTableColumns(reminders);
    return db
      .select(columns)
      .from(reminders)
      .where(
        and(
          eq(reminders.businessId, businessId),
          filter.status && eq(reminders.status, filter.status),
          cursor && lt(reminders.id, cursor),
        ),
      )
      .orderBy(desc(reminders.id))
      .limit(limit + 1);
  }

  /** Those whose clock runs, or the one of them that is asked for. */
  async function going(id?: Id<"Reminder">): Promise<Reminder[]> {
    const mine = eq(reminders.businessId, businessId);
    return db
      .select()
      .from(reminders)
      .where(and(mine, inArray(reminders.status, goingStatuses), id && eq(reminders.id, id)));
  }

  async function insert(reminder: NewReminder): Promise<void> {
    await db.insert(reminders).values({ ...reminder, businessId });
  }

  async function update(id: Id<"Reminder">, change: Partial<NewReminder>): Promise<void> {
    await db.update(reminders).set(change).where(one(id));
  }

  async function updateMany(ids: readonly Id<"Reminder">[], change: Partial<NewReminder>): Promise<void> {
    await db.update(reminders).set(change).where(some(ids));
  }

  return { get, lock, lockMany, page, going, insert, update, updateMany };
}
