import { isOneOf } from "@reminder-app/db/bulk";
import { deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import { assignments, reminders } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import type { ReasonCode } from "../reasons.ts";
import type { SendKey } from "./decided-sends.repo.ts";

const columns = {
  id: deliveries.id,
  assignmentId: deliveries.assignmentId,
  channel: deliveries.channel,
  state: deliveries.state,
  reason: deliveries.reason,
  fence: deliveries.fence,
  dueAt: deliveries.dueAt,
  expiresAt: deliveries.expiresAt,
};

/** The assignments, reminders and deliveries that sends stand for. Limited to `businessId`, and to the clients within reach. */
export function sendRowsRepo(scope: Scope) {
  const { db, businessId } = scope;

  /** Locked, so that the planner has made their deliveries, or makes them after this. In the order of ids, as others lock. */
  async function lockAssignments(ids: readonly Id<"Assignment">[]) {
    return db
      .select()
      .from(assignments)
      .where(
        and(
          eq(assignments.businessId, businessId),
          withinReach(scope, assignments.clientId),
          isOneOf(assignments.id, ids),
        ),
      )
      .orderBy(asc(assignments.id))
      .for("update");
  }

  async function remindersOf(ids: readonly Id<"Reminder">[]) {
    return db
      .select()
      .from(reminders)
      .where(and(eq(reminders.businessId, businessId), isOneOf(reminders.id, ids)));
  }

  /** The deliveries that are made for some sends already, locked: a claim has taken them, or meets what is written here. */
  async function lockDeliveries(sends: readonly SendKey[]) {
    const named = await db
      .select({ id: deliveries.id, slotKey: occurrences.slotKey })
      .from(deliveries)
      .innerJoin(
        occurrences,
        and(eq(occurrences.businessId, deliveries.businessId), eq(occurrences.id, deliveries.occurrenceId)),
      )
      .where(
        and(
          eq(deliveries.businessId, businessId),
          isOneOf(
            deliveries.assignmentId,
            sends.map(({ assignmentId }) => assignmentId),
          ),
          isOneOf(
            occurrences.slotKey,
            sends.map(({ slotKey }) => slotKey),
          ),
        ),
      );
    const slotOf = new Map(named.map(({ id, slotKey }) => [id, slotKey]));
    const rows = await db
      .select(columns)
      .from(deliveries)
      .where(and(eq(deliveries.businessId, businessId), isOneOf(deliveries.id, [...slotOf.keys()])))
      .orderBy(asc(deliveries.id))
      .for("update");
    return rows.map((row) => ({ ...row, slotKey: slotOf.get(row.id) ?? "" }));
  }

  /** Put rows off until they expire, because they wait for a person. */
  async function postpone(ids: readonly Id<"Delivery">[], { reason, at }: { reason: ReasonCode; at: Date }) {
    await db
      .update(deliveries)
      .set({
        state: sql`if(${deliveries.state} = 'retry', 'retry', 'queued')`,
        reason,
        nextAt: sql`${deliveries.expiresAt}`,
        updatedAt: at,
      })
      .where(some(ids));
  }

  /** Let rows go when they are due. A new fence gives the work a new job: the old one may sleep until they would have expired. */
  async function wake(ids: readonly Id<"Delivery">[], at: Date) {
    await db
      .update(deliveries)
      .set({
        state: sql`if(${deliveries.state} = 'retry', 'retry', 'queued')`,
        reason: null,
        nextAt: sql`${deliveries.dueAt}`,
        fence: sql`${deliveries.fence} + 1`,
        updatedAt: at,
      })
      .where(some(ids));
  }

  async function leaveOut(ids: readonly Id<"Delivery">[], at: Date) {
    await db
      .update(deliveries)
      .set({ state: "skipped", reason: "skipped_by_staff" satisfies ReasonCode, nextAt: null, updatedAt: at })
      .where(some(ids));
  }

  const some = (ids: readonly Id<"Delivery">[]) =>
    and(eq(deliveries.businessId, businessId), isOneOf(deliveries.id, ids));

  return { lockAssignments, remindersOf, lockDeliveries, postpone, wake, leaveOut };
}

export type SendRow = Awaited<ReturnType<ReturnType<typeof sendRowsRepo>["lockDeliveries"]>>[number];
