import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { openTasks } from "../tasks/open-task.ts";
import type { FiledOccurrence } from "./file-moments.ts";

/** Let staff know of moments that were missed in an outage: one task for a reminder, which counts them. Answers how many, by reminder. */
export async function tellMissed(
  tx: Ctx,
  filed: readonly Pick<FiledOccurrence, "reminderId" | "state">[],
): Promise<ReadonlyMap<Id<"Reminder">, number>> {
  const missed = filed.filter(({ state }) => state === "missed");
  const counts = new Map(
    [...Map.groupBy(missed, ({ reminderId }) => reminderId)].map(([id, rows]) => [id, rows.length]),
  );
  await openTasks(
    tx,
    [...counts].map(([reminderId, count]) => ({ kind: "missed", subject: reminderId, reminderId, count })),
  );
  return counts;
}
