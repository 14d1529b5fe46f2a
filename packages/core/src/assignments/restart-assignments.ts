import type { Ctx } from "../ctx.ts";
import { planSequenceChunk } from "../occurrences/plan-sequence.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { plannedAssignmentRepo } from "./planned-assignments.repo.ts";

/**
 * Count the steps of all assignments of a sequence afresh, as of now: after its schedule was changed, or when it
 * starts. What was sent is not sent again. The planner looks at the first of them here, and at the others when it next
 * runs. Call it with the reminder's row locked, as it stands then; answers how it stands afterwards.
 */
export async function restartAssignments(tx: Ctx, reminder: Reminder): Promise<Reminder> {
  if (reminder.schedule.kind !== "sequence" || reminder.status === "draft") return reminder;
  await plannedAssignmentRepo(tx).lookAgain(reminder.id, tx.now());
  const planned = await planSequenceChunk(tx, reminder.id, 0);
  return planned.reminder;
}
