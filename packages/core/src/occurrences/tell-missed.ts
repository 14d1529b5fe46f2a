import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { openTask } from "../tasks/open-task.ts";
import type { FiledOccurrence } from "./file-moments.ts";
import type { FiledStep } from "./write-steps.ts";

/** Let staff know of moments that were missed in an outage: one task for a reminder, which counts them. Answers how many. */
export async function tellMissed(
  tx: Ctx,
  reminderId: Id<"Reminder">,
  filed: readonly (Pick<FiledOccurrence, "state"> | FiledStep)[],
): Promise<number> {
  const count = filed.filter((one) => ("occurrence" in one ? one.occurrence : one).state === "missed").length;
  if (count > 0) await openTask(tx, { kind: "missed", subject: reminderId, reminderId, count });
  return count;
}
