import { clients } from "@reminder-app/db/schema/clients";
import { deliveries } from "@reminder-app/db/schema/deliveries";
import { checklistItems } from "@reminder-app/db/schema/documents";
import type { ReminderType } from "@reminder-app/db/schema/reminder-types";
import { type AssignmentState, assignments, reminders } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, count, eq, inArray, isNotNull, isNull, lt, max, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import { isOfChase } from "../deliveries/stop-target.repo.ts";

const unfinished: AssignmentState[] = ["open", "exhausted"];

/** Work that is past its due date. Limited to `businessId`, and to the clients within reach. */
export function lateClientRepo(scope: Scope) {
  const { db, businessId } = scope;

  /** The longest late first. */
  async function page(
    { type, today }: { type?: ReminderType | undefined; today: string },
    { limit, cursor }: { limit: number; cursor?: Id<"Assignment"> | undefined },
  ) {
    const place = (id: Id<"Assignment">) => sql`(${assignments.dueOn}, ${assignments.id}) > (
      select one.due_on, one.id from assignments one
      where one.business_id = ${sql.param(businessId, assignments.businessId)} and one.id = ${sql.param(id, assignments.id)})`;
    return db
      .select({
        id: assignments.id,
        clientId: clients.id,
        clientName: clients.name,
        reminderId: reminders.id,
        reminderName: reminders.name,
        type: reminders.type,
        period: assignments.period,
        dueOn: sql<string>`${assignments.dueOn}`,
        hold: assignments.hold,
      })
      .from(assignments)
      .innerJoin(clients, and(eq(clients.businessId, businessId), eq(clients.id, assignments.clientId)))
      .innerJoin(reminders, and(eq(reminders.businessId, businessId), eq(reminders.id, assignments.reminderId)))
      .where(
        and(
          eq(assignments.businessId, businessId),
          withinReach(scope, assignments.clientId),
          inArray(assignments.state, unfinished),
          isNull(clients.archivedAt),
          lt(assignments.dueOn, today),
          type && eq(reminders.type, type),
          cursor && place(cursor),
        ),
      )
      .orderBy(asc(assignments.dueOn), asc(assignments.id))
      .limit(limit + 1);
  }

  /** How many items each still lacks. */
  async function missing(ids: readonly Id<"Assignment">[]): Promise<ReadonlyMap<string, number>> {
    if (ids.length === 0) return new Map();
    const rows = await db
      .select({ id: checklistItems.assignmentId, missing: count() })
      .from(checklistItems)
      .where(
        and(
          eq(checklistItems.businessId, businessId),
          inArray(checklistItems.assignmentId, [...ids]),
          inArray(checklistItems.state, ["missing", "rejected"]),
        ),
      )
      .groupBy(checklistItems.assignmentId);
    return new Map(rows.map((row) => [row.id, row.missing]));
  }

  /** How many messages about each were taken by their providers, and when the last one was. */
  async function messages(ids: readonly Id<"Assignment">[]) {
    if (ids.length === 0) return new Map<string, { sent: number; lastAt: Date | null }>();
    const rows = await db
      .select({ id: deliveries.assignmentId, sent: count(), lastAt: max(deliveries.acceptedAt) })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.businessId, businessId),
          inArray(deliveries.assignmentId, [...ids]),
          isNotNull(deliveries.acceptedAt),
          isOfChase(deliveries),
        ),
      )
      .groupBy(deliveries.assignmentId);
    return new Map(rows.map(({ id, sent, lastAt }) => [id as string, { sent, lastAt }]));
  }

  return { page, missing, messages };
}
