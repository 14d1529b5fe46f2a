import { isOneOf } from "@reminder-app/db/bulk";
import { assignments } from "@reminder-app/db/schema/reminders";
import { after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, gt, isNotNull, isNull, lt, lte, min, ne, or, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import type { Assignment, NewAssignment } from "./assignments.repo.ts";

/** What the planner of sequences reads and writes. Every query below is limited to `businessId`, and to the clients within reach. */
export function plannedAssignmentRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(assignments.businessId, businessId), withinReach(scope, assignments.clientId));

  /** The next assignments that the planner has to look at by `through`, locked so that a stop waits or is seen. */
  async function lockDue(
    reminderId: Id<"Reminder">,
    { through, limit }: { through: Date; limit: number },
  ): Promise<Assignment[]> {
    return db
      .select()
      .from(assignments)
      .where(and(mine, eq(assignments.reminderId, reminderId), lte(assignments.nextAt, through)))
      .orderBy(asc(assignments.nextAt), asc(assignments.id))
      .limit(limit)
      .for("update");
  }

  /** When the planner has to look at some assignment of a reminder next. */
  async function firstNextAt(reminderId: Id<"Reminder">): Promise<Date | null> {
    const [row] = await db
      .select({ nextAt: min(assignments.nextAt) })
      .from(assignments)
      .where(and(eq(assignments.businessId, businessId), eq(assignments.reminderId, reminderId)));
    return row?.nextAt ?? null;
  }

  /** Insert what is not there yet: a period that is open already is left as it is. */
  async function insertNew(rows: readonly NewAssignment[]): Promise<void> {
    if (rows.length === 0) return;
    await db
      .insert(assignments)
      .values(rows.map((row) => ({ ...row, businessId })))
      .onDuplicateKeyUpdate({ set: { businessId: sql`${assignments.businessId}` } });
  }

  /** The due dates and periods of some clients on a reminder, whatever became of them. */
  async function dueDates(
    reminderId: Id<"Reminder">,
    clientIds: readonly Id<"Client">[],
  ): Promise<Pick<Assignment, "clientId" | "dueOn" | "period">[]> {
    if (clientIds.length === 0) return [];
    return db
      .select({ clientId: assignments.clientId, dueOn: assignments.dueOn, period: assignments.period })
      .from(assignments)
      .where(and(mine, eq(assignments.reminderId, reminderId), isOneOf(assignments.clientId, clientIds)));
  }

  /** The reminders that a client is on, so far as something of them may still come, in a fixed order. */
  async function remindersOf(clientId: Id<"Client">): Promise<Id<"Reminder">[]> {
    const rows = await db
      .selectDistinct({ id: assignments.reminderId })
      .from(assignments)
      .where(
        and(
          mine,
          eq(assignments.clientId, clientId),
          or(eq(assignments.state, "open"), and(eq(assignments.nextOpened, false), ne(assignments.state, "cancelled"))),
        ),
      )
      .orderBy(asc(assignments.reminderId));
    return rows.map(({ id }) => id);
  }

  /**
   * Let the planner look at all assignments of a sequence again, as of now. Where it is behind, what it has not planned
   * yet stays to be planned.
   */
  async function lookAgain(reminderId: Id<"Reminder">, now: Date): Promise<void> {
    const these = and(
      mine,
      eq(assignments.reminderId, reminderId),
      or(eq(assignments.state, "open"), and(eq(assignments.nextOpened, false), ne(assignments.state, "cancelled"))),
    );
    await db
      .update(assignments)
      .set({ plannedThrough: now })
      .where(and(these, or(isNull(assignments.nextAt), gt(assignments.nextAt, now))));
    await db.update(assignments).set({ nextAt: now }).where(these);
  }

  /**
   * Let the planner look at all open assignments again, as of now: where it was to look on this day, from the day's
   * beginning. What is in the ledger is not planned twice.
   */
  async function replanDay(
    reminderId: Id<"Reminder">,
    { from, to }: { from: Date; to: Date },
    now: Date,
  ): Promise<void> {
    const open = and(mine, eq(assignments.reminderId, reminderId), eq(assignments.state, "open"));
    const begins = sql.param(after(from, -1), assignments.plannedThrough);
    await db
      .update(assignments)
      .set({ plannedThrough: sql`least(${assignments.plannedThrough}, ${begins})` })
      .where(and(open, lt(assignments.nextAt, to)));
    await db
      .update(assignments)
      .set({ nextAt: now })
      .where(and(open, isNotNull(assignments.nextAt)));
  }

  return { lockDue, firstNextAt, insertNew, dueDates, remindersOf, lookAgain, replanDay };
}
