import type { Id } from "@reminder-app/platform/ids";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import type { Ctx } from "../ctx.ts";
import { lateStep, planAssignment } from "../occurrences/plan-assignment.ts";
import type { MomentsOf } from "../occurrences/remember-moments.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import type { Assignment } from "./assignments.repo.ts";
import { plannedAssignmentRepo } from "./planned-assignments.repo.ts";

type Starting = Pick<Assignment, "dueOn" | "overrides" | "state" | "nextOpened">;

/** Where the planner stands with an assignment. */
export type PlannerMark = Pick<Assignment, "nextAt" | "plannedThrough">;

/** Steps of a draft are counted from when it is activated. */
const unstarted: PlannerMark = { nextAt: null, plannedThrough: null };

/**
 * Where a sequence begins for an assignment, or begins again: at its first step after `now`. Where the planner has to
 * judge what is past, or which period comes next, it looks at once.
 */
export function startAt(
  { status, graceMs }: Pick<Reminder, "status" | "graceMs">,
  { sequence, now, momentsOf = sequenceMoments }: { sequence: Sequence; now: Date; momentsOf?: MomentsOf },
  row: Starting,
): PlannerMark {
  if (status === "draft") return unstarted;
  const atOnce = { nextAt: now, plannedThrough: now };
  if ((sequence.due && !row.nextOpened) || lateStep(sequence, row, { now, momentsOf })) return atOnce;
  const { nextAt, exhausted } = planAssignment(
    sequence,
    { ...row, plannedThrough: now },
    { through: now, graceMs, momentsOf },
  );
  return exhausted ? atOnce : { nextAt, plannedThrough: now };
}

/** Let a reminder be due when the first of its assignments is. Call it with the reminder's row locked. */
export async function followAssignments(tx: Ctx, id: Id<"Reminder">): Promise<Date | null> {
  const nextDueAt = await plannedAssignmentRepo(tx).firstNextAt(id);
  await reminderRepo(tx).update(id, { nextDueAt, updatedAt: tx.now() });
  return nextDueAt;
}
