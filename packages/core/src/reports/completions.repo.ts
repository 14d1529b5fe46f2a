import { deliveries } from "@reminder-app/db/schema/deliveries";
import { type ReminderType } from "@reminder-app/db/schema/reminder-types";
import { assignments, reminders } from "@reminder-app/db/schema/reminders";
import { type SQL, and, count, eq, gte, lt, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import { RECEIPT_STEP } from "../deliveries/receipts.ts";
import { byQuarter, quarterOf } from "./quarter-hours.repo.ts";

export interface CompletionFilter {
  readonly start: Date;
  readonly end: Date;
  /** How long after a message work still counts as done because of it. */
  readonly withinHours: number;
  readonly type?: ReminderType | undefined;
}

/** Work that was done after messages. Limited to `businessId`, and to the clients within reach. */
export function completionRepo(scope: Scope) {
  const { db, businessId } = scope;

  /**
   * Assignments that were done soon after the last message about them, by that message. Those count whose message was
   * made in `[start, end)`.
   */
  async function byLastMessage({ start, end, withinHours, type }: CompletionFilter) {
    const within = sql`interval ${withinHours} hour`;
    const { reminderId, stepId, channel } = deliveries;
    const rows = await db
      .select({ madeAt: quarterOf(deliveries.createdAt), reminderId, stepId, channel, done: count() })
      .from(assignments)
      .innerJoin(
        deliveries,
        and(eq(deliveries.businessId, businessId), eq(deliveries.id, lastBefore(assignments.closedAt))),
      )
      .innerJoin(reminders, and(eq(reminders.businessId, businessId), eq(reminders.id, assignments.reminderId)))
      .where(
        and(
          eq(assignments.businessId, businessId),
          withinReach(scope, assignments.clientId),
          eq(assignments.state, "done"),
          gte(assignments.closedAt, start),
          lt(assignments.closedAt, sql`${sql.param(end, assignments.closedAt)} + ${within}`),
          gte(deliveries.createdAt, start),
          lt(deliveries.createdAt, end),
          sql`${deliveries.acceptedAt} >= ${assignments.closedAt} - ${within}`,
          type && eq(reminders.type, type),
        ),
      )
      .groupBy(byQuarter, reminderId, stepId, channel);
    return rows.map((row) => ({ ...row, stepId: row.stepId ?? "" }));
  }

  /** The last message about an assignment that a provider took up to then. */
  function lastBefore(at: typeof assignments.closedAt): SQL {
    return sql`(select sent.id from deliveries sent where sent.business_id = ${assignments.businessId}
      and sent.assignment_id = ${assignments.id} and sent.accepted_at <= ${at}
      and not (sent.step_id <=> ${RECEIPT_STEP})
      order by sent.accepted_at desc, sent.id desc limit 1)`;
  }

  async function remindersOf(type: ReminderType): Promise<string[]> {
    const rows = await db
      .select({ id: reminders.id })
      .from(reminders)
      .where(and(eq(reminders.businessId, businessId), eq(reminders.type, type)));
    return rows.map(({ id }) => id);
  }

  return { byLastMessage, remindersOf };
}
