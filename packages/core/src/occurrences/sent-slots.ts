import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { plannedRowsRepo } from "../deliveries/planned-rows.repo.ts";
import { occurrenceRepo } from "./occurrences.repo.ts";
import { isStopped } from "./write-steps.ts";

/** The names of those moments of some assignments of which something has left, or may yet. */
export async function sentSlots(tx: Ctx, assignments: readonly Pick<Assignment, "id">[]): Promise<ReadonlySet<string>> {
  const planned = await occurrenceRepo(tx).ofAssignments(assignments.map(({ id }) => id));
  const outcomes = await plannedRowsRepo(tx).outcomesOf(planned.map(({ id }) => id));
  const sent = new Set(outcomes.filter((outcome) => !isStopped(outcome)).map(({ occurrenceId }) => occurrenceId));
  return new Set(planned.filter(({ id }) => sent.has(id)).map(({ slotKey }) => slotKey));
}
