import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { plannedRowsRepo } from "../deliveries/planned-rows.repo.ts";
import { type Visit, standstillOf } from "./visit.ts";

/**
 * Which assignments are not exhausted yet though their last moment has had its time, each with when to look again: a
 * message may still leave, or they stand still, and who is held has not been chased to the end.
 */
export async function notYetExhausted(
  tx: Ctx,
  visit: Visit,
  assignments: readonly Assignment[],
): Promise<ReadonlyMap<Id<"Assignment">, Date>> {
  const now = tx.now();
  const waiting = await plannedRowsRepo(tx).waitingUntil(assignments.map(({ id }) => id));
  return new Map(
    assignments.flatMap((assignment) => {
      const still = standstillOf(visit, assignment, now);
      const later = still ? afterStandstill(still, now) : waiting.get(assignment.id);
      return later && later > now ? [[assignment.id, later] as const] : [];
    }),
  );
}

/** Where no end is known, a day later. */
function afterStandstill(still: NonNullable<ReturnType<typeof standstillOf>>, now: Date): Date {
  return (still.kind === "pause" && still.until) || after(now, DAY_MS);
}
