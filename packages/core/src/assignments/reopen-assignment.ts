import { recordAudit } from "../audit/record-audit.ts";
import type { Ctx } from "../ctx.ts";
import { inForceFor } from "../reminders/plan-in-force.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import { redateAssignment } from "./redate-assignment.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { assignmentFacts } from "../webhooks/event-facts.ts";

/**
 * Begin the chase once more: the client is reminded from the next moment on, and a sequence begins again. Call it with
 * the rows of the reminder and the assignment locked, and let the reminder follow its assignments after it.
 */
export async function reopen(
  tx: Ctx,
  { reminder, present }: { reminder: Reminder; present: Assignment },
): Promise<void> {
  const opened = { ...present, state: "open" as const, round: present.round + 1, nextAt: null };
  const mark = await redateAssignment(tx, await inForceFor(tx, reminder, present), opened);
  await assignmentRepo(tx).update(present.id, {
    ...mark,
    state: "open",
    closedAt: null,
    closedBecause: null,
    round: opened.round,
    updatedAt: tx.now(),
  });
  const assignment = await assignmentRepo(tx).get(reminder.id, present.id);
  await emitEvent(tx, "assignment.reopened", assignmentFacts(assignment));
  await recordAudit(tx, "assignment.reopened", { entityId: present.id, reminderId: reminder.id, was: present.state });
}
