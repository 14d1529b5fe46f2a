import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { planKey, planRepo } from "./plans.repo.ts";
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
  return inForceForAll(ctx, [{ reminder, assignments }]);
}

/** The same for assignments of several reminders. */
export async function inForceForAll<Row extends Pinned>(
  ctx: Ctx,
  all: readonly InForce<Row>[],
): Promise<InForce<Row>[]> {
  const groups = all.flatMap(({ reminder, assignments }) =>
    [...Map.groupBy(assignments, ({ planRevision }) => planRevision ?? reminder.revision)].map(([revision, rows]) => ({
      reminder,
      revision,
      assignments: rows,
    })),
  );
  const older = groups.filter(({ reminder, revision }) => revision !== reminder.revision);
  const plans = await planRepo(ctx).some(
    older.map(({ reminder, revision }) => ({ reminderId: reminder.id, revision })),
  );
  return groups.map(({ reminder, revision, assignments }) => ({
    reminder: { ...reminder, ...plans.get(planKey({ reminderId: reminder.id, revision })) },
    assignments,
  }));
}

/** The same for one assignment. */
export async function inForceFor(ctx: Ctx, reminder: Reminder, assignment: Pinned): Promise<Reminder> {
  const [group] = await inForce(ctx, reminder, [assignment]);
  return group?.reminder ?? reminder;
}
