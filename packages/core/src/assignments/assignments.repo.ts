import { isOneOf } from "@reminder-app/db/bulk";
import { clients } from "@reminder-app/db/schema/clients";
import { type AssignmentState, assignments } from "@reminder-app/db/schema/reminders";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, count, eq, gt, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type Assignment = typeof assignments.$inferSelect;
export type NewAssignment = Omit<typeof assignments.$inferInsert, "businessId">;

export interface AssignmentFilter {
  readonly reminderId: Id<"Reminder">;
  readonly state?: AssignmentState | undefined;
  readonly clientIds?: readonly Id<"Client">[] | undefined;
}

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function assignmentRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(assignments.businessId, businessId), withinReach(scope, assignments.clientId));
  const one = (id: Id<"Assignment">) => and(mine, eq(assignments.id, id));

  async function get(reminderId: Id<"Reminder">, id: Id<"Assignment">): Promise<Assignment> {
    const [row] = await db
      .select()
      .from(assignments)
      .where(and(one(id), eq(assignments.reminderId, reminderId)));
    if (!row) throw new NotFoundError("Assignment", id);
    return row;
  }

  /** Where its reminder is not known. */
  async function byId(id: Id<"Assignment">): Promise<Assignment> {
    const [row] = await db.select().from(assignments).where(one(id));
    if (!row) throw new NotFoundError("Assignment", id);
    return row;
  }

  async function lock(reminderId: Id<"Reminder">, id: Id<"Assignment">): Promise<Assignment> {
    const [row] = await db
      .select()
      .from(assignments)
      .where(and(one(id), eq(assignments.reminderId, reminderId)))
      .for("update");
    if (!row) throw new NotFoundError("Assignment", id);
    return row;
  }

  async function page(
    { reminderId, state, clientIds }: AssignmentFilter,
    { limit, cursor }: { limit: number; cursor?: Id<"Assignment"> | undefined },
  ): Promise<Assignment[]> {
    return db
      .select()
      .from(assignments)
      .where(
        and(
          mine,
          eq(assignments.reminderId, reminderId),
          state && eq(assignments.state, state),
          clientIds && inArray(assignments.clientId, [...clientIds]),
          cursor && gt(assignments.id, cursor),
        ),
      )
      .orderBy(asc(assignments.id))
      .limit(limit + 1);
  }

  /** The next open assignments of some reminders after `cursor`, in the order of their reminders and then their own. */
  async function openKeys(
    reminderIds: readonly Id<"Reminder">[],
    { cursor, limit }: { cursor: Id<"Assignment"> | null; limit: number },
  ): Promise<Pick<Assignment, "id" | "reminderId">[]> {
    return db
      .select({ reminderId: assignments.reminderId, id: assignments.id })
      .from(assignments)
      .where(
        and(
          mine,
          isOneOf(assignments.reminderId, reminderIds),
          eq(assignments.state, "open"),
          cursor ? gt(assignments.id, cursor) : undefined,
        ),
      )
      .orderBy(asc(assignments.reminderId), asc(assignments.id))
      .limit(limit);
  }

  /** Those of `ids` that are still open, locked in one order so that a stop waits or is seen. */
  async function lockOpen(ids: readonly Id<"Assignment">[]): Promise<Assignment[]> {
    return db
      .select()
      .from(assignments)
      .where(and(mine, isOneOf(assignments.id, ids), eq(assignments.state, "open")))
      .orderBy(asc(assignments.id))
      .for("update");
  }

  /** What some open assignment of a reminder lacks. */
  async function lacking(reminderId: Id<"Reminder">): Promise<{ dueOn: boolean; amount: boolean; period: boolean }> {
    const [row] = await db
      .select({
        dueOn: sql<number | null>`max(${assignments.dueOn} is null)`,
        amount: sql<number | null>`max(${assignments.amount} is null)`,
        period: sql<number | null>`max(${assignments.period} = '')`,
      })
      .from(assignments)
      .where(and(mine, eq(assignments.reminderId, reminderId), eq(assignments.state, "open")));
    const is = (flag: number | null | undefined) => flag === 1;
    return { dueOn: is(row?.dueOn), amount: is(row?.amount), period: is(row?.period) };
  }

  /** The assignments of some clients, locked so that a stop waits or is seen. */
  async function existing(reminderId: Id<"Reminder">, clientIds: readonly Id<"Client">[]): Promise<Assignment[]> {
    return db
      .select()
      .from(assignments)
      .where(and(mine, eq(assignments.reminderId, reminderId), inArray(assignments.clientId, [...clientIds])))
      .for("update");
  }

  /** Wait for whoever makes deliveries of these clients, and let others wait until the transaction ends. */
  async function lockOfClients(clientIds: readonly Id<"Client">[]): Promise<void> {
    if (clientIds.length === 0) return;
    await db
      .select({ id: assignments.id })
      .from(assignments)
      .where(and(mine, inArray(assignments.clientId, [...clientIds])))
      .orderBy(asc(assignments.id))
      .for("update");
  }

  async function allOpen(reminderId: Id<"Reminder">): Promise<Assignment[]> {
    return db
      .select()
      .from(assignments)
      .where(and(mine, eq(assignments.reminderId, reminderId), eq(assignments.state, "open")));
  }

  async function countOpen(reminderId: Id<"Reminder">): Promise<number> {
    const [row] = await db
      .select({ open: count() })
      .from(assignments)
      .where(and(mine, eq(assignments.reminderId, reminderId), eq(assignments.state, "open")));
    return row?.open ?? 0;
  }

  /** Keep the open assignments of a reminder on the plan that they are on, or let all go by its present one. Answers how many. */
  async function pinOpen(reminderId: Id<"Reminder">, planRevision: number | null): Promise<number> {
    const open = and(mine, eq(assignments.reminderId, reminderId), eq(assignments.state, "open"));
    const which = planRevision === null ? isNotNull(assignments.planRevision) : isNull(assignments.planRevision);
    const [{ affectedRows }] = await db.update(assignments).set({ planRevision }).where(and(open, which));
    return affectedRows;
  }

  async function clientFacts(ids: readonly Id<"Client">[]) {
    if (ids.length === 0) return [];
    return db
      .select({
        id: clients.id,
        timeZone: clients.timeZone,
        neverChase: clients.neverChase,
        pausedAt: clients.pausedAt,
        pausedUntil: clients.pausedUntil,
      })
      .from(clients)
      .where(and(eq(clients.businessId, businessId), inArray(clients.id, [...ids]), isNull(clients.archivedAt)));
  }

  async function insertMany(rows: readonly NewAssignment[]): Promise<void> {
    if (rows.length === 0) return;
    await db.insert(assignments).values(rows.map((row) => ({ ...row, businessId })));
  }

  async function update(id: Id<"Assignment">, change: Partial<NewAssignment>): Promise<void> {
    await db.update(assignments).set(withSequence(change)).where(one(id));
  }

  async function updateMany(ids: readonly Id<"Assignment">[], change: Partial<NewAssignment>): Promise<void> {
    await db
      .update(assignments)
      .set(withSequence(change))
      .where(and(mine, isOneOf(assignments.id, ids)));
  }

  async function setReplacedSlot(ids: readonly Id<"Assignment">[], replacedSlot: string): Promise<void> {
    await db
      .update(assignments)
      .set({ replacedSlot })
      .where(and(mine, inArray(assignments.id, [...ids])));
  }

  return {
    get,
    byId,
    lock,
    page,
    openKeys,
    lockOpen,
    lacking,
    existing,
    lockOfClients,
    allOpen,
    countOpen,
    pinOpen,
    clientFacts,
    insertMany,
    update,
    updateMany,
    setReplacedSlot,
  };
}

/** Calendars take what has a higher number for newer, so each change of what they show raises it (RFC 5545, SEQUENCE). */
function withSequence(change: Partial<NewAssignment>) {
  if (change.dueOn === undefined && change.state === undefined) return change;
  return { ...change, calendarSequence: sql`${assignments.calendarSequence} + 1` };
}
