import { invalid } from "@reminder-app/platform/errors";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { planAssignment } from "../occurrences/plan-assignment.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import type { Assignment } from "./assignments.repo.ts";

type Starting = Pick<Assignment, "dueOn" | "overrides" | "state">;

/** Set new assignments of a sequence at its first step after now; steps already past are left out. */
export async function startSequence<Made extends Starting>(
  tx: Ctx,
  { schedule, graceMs }: Reminder,
  made: readonly Made[],
): Promise<(Made & Pick<Assignment, "nextAt" | "plannedThrough">)[]> {
  if (schedule.kind !== "sequence") return made.map((row) => ({ ...row, nextAt: null, plannedThrough: null }));
  const sequence = effectiveSchedule(schedule, await businessRepo(tx).get());
  const now = tx.now();
  return made.map((row, index) => {
    if (row.dueOn === null)
      throw invalid(`assignments.${index}.dueOn`, "must be given, because the steps of a sequence are counted from it");
    const { nextAt } = planAssignment(sequence, { ...row, plannedThrough: now }, { through: now, graceMs });
    return { ...row, nextAt, plannedThrough: now };
  });
}

/** Let the reminder be due no later than any of `rows`. Call it with the reminder's row locked. */
export async function advanceNextDue(
  tx: Ctx,
  { id, nextDueAt }: Pick<Reminder, "id" | "nextDueAt">,
  rows: readonly Pick<Assignment, "nextAt">[],
): Promise<void> {
  const first = rows.reduce<Date | null>(
    (least, { nextAt }) => (nextAt && (!least || nextAt < least) ? nextAt : least),
    nextDueAt,
  );
  if (first && first !== nextDueAt) await reminderRepo(tx).update(id, { nextDueAt: first, updatedAt: tx.now() });
}
