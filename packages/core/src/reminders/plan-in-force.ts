import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { planRepo } from "./plans.repo.ts";
import type { Reminder } from "./reminders.repo.ts";

type Pinned = Pick<Assignment, "planRevision">;

/** Some assignments of a reminder, and the reminder with the plan that is in force for them. */
export interface InForce<Row> {
  readonly reminder: Reminder;
  readonly assignments: readonly Row[];
}

/** Assignments by the plan that is in force for them: an older one where an edit was for new assignments only. */
export async function inForce<Row extends Pinned>(
  ctx: Ctx,
  reminder: Reminder,
  assignments: readonly Row[],
): Promise<InForce<Row>[]> {
  const groups = [...Map.groupBy(assignments, ({ planRevision }) => planRevision ?? reminder.revision)];
  const older = groups.map(([revision]) => revision).filter((revision) => revision !== reminder.revision);
  const plans = new Map((await planRepo(ctx).some(reminder.id, older)).map((plan) => [plan.revision, plan]));
  return groups.map(([revision, rows]) => ({
    reminder: { ...reminder, ...plans.get(revision) },
    assignments: rows,
  }));
}

/** The same for one assignment. */
export async function inForceFor(ctx: Ctx, reminder: Reminder, assignment: Pinned): Promise<Reminder> {
  const [group] = await inForce(ctx, reminder, [assignment]);
  return group?.reminder ?? reminder;
}
