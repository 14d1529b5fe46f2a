import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { isChased } from "../assignments/close-assignment.ts";
import { redateAssignment } from "../assignments/redate-assignment.ts";
import { followAssignments } from "../assignments/start-assignment.ts";
import type { Ctx } from "../ctx.ts";
import { inForceFor } from "../reminders/plan-in-force.ts";
import type { Chase } from "./lock-chase.ts";

/** Let chases that went by a request's due date go by its new one; a sequence cannot do without one. */
export async function moveDueDates(
  tx: Ctx,
  { assignments, reminders }: Chase,
  { from, to }: { from: string | null; to: string | null },
): Promise<void> {
  for (const { id, reminderId } of assignments) {
    const reminder = reminders.get(reminderId);
    const present = await assignmentRepo(tx).get(reminderId, id);
    const isSequence = reminder?.schedule.kind === "sequence";
    if (!reminder || !isChased(present) || present.dueOn !== from || (isSequence && to === null)) continue;
    const moved = { ...present, dueOn: to };
    const mark = await redateAssignment(tx, await inForceFor(tx, reminder, present), moved);
    await assignmentRepo(tx).update(id, { dueOn: to, ...mark, updatedAt: tx.now() });
    if (isSequence) await followAssignments(tx, reminderId);
  }
}
