import type { ClosingFact } from "@reminder-app/db/schema/reminders";
import type { Schedule } from "@reminder-app/schedule/schedule";
import { recordAudit } from "../audit/record-audit.ts";
import type { Ctx } from "../ctx.ts";
import { type StopAnswer, stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { inForceFor } from "../reminders/plan-in-force.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import { noHold } from "./no-hold.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { assignmentFacts } from "../webhooks/event-facts.ts";

/** What closes an assignment: the fact that ends the chase, or that the client is taken off. */
export type Closing = ClosingFact | "cancelled";

/** Whether there is a chase that can be ended. */
export function isChased({ state }: Pick<Assignment, "state">): boolean {
  return state === "open" || state === "exhausted";
}

/**
 * End the chase: nothing of it starts to be sent once this has committed. Call it with the assignment's row locked.
 * One that is not chased any more stays as it is.
 */
export async function close(
  tx: Ctx,
  { reminder, present }: { reminder: Reminder; present: Assignment },
  closing: Closing,
): Promise<StopAnswer> {
  const because = closing === "cancelled" ? null : closing;
  const state = because ? ("done" as const) : ("cancelled" as const);
  const { schedule } = await inForceFor(tx, reminder, present);
  const now = tx.now();
  const nextAt = because && opensNext(schedule, present) ? present.nextAt : null;
  const closed = { ...noHold, payingAt: null, state, nextAt, closedBecause: because, closedAt: now, updatedAt: now };
  const closes = isChased(present);
  if (closes) await assignmentRepo(tx).update(present.id, closed);
  const answer = await stopDeliveries(tx, { assignmentId: present.id }, because ?? "assignment_cancelled");
  const details = { reminderId: reminder.id, ...(because && { because }), ...answer };
  if (!closes) return answer;
  const assignment = await assignmentRepo(tx).get(reminder.id, present.id);
  await emitEvent(tx, `assignment.${state}`, assignmentFacts(assignment));
  await recordAudit(tx, `assignment.${state}`, { entityId: present.id, ...details });
  return answer;
}

/** The planner still has to open the next period of a due rule after it. */
function opensNext(schedule: Schedule, { nextOpened }: Assignment): boolean {
  return schedule.kind === "sequence" && schedule.due !== undefined && !nextOpened;
}
