import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { openTask } from "../tasks/open-task.ts";
import type { FiledOccurrence } from "./file-moments.ts";

/** Let staff know of moments that were missed in an outage: one task for a reminder, which counts them. */
export async function tellMissed(
  tx: Ctx,
  reminderId: Id<"Reminder">,
  filed: readonly Pick<FiledOccurrence, "state">[],
): Promise<void> {
  const count = filed.filter(({ state }) => state === "missed").length;
  if (count > 0) await openTask(tx, { kind: "missed", subject: reminderId, reminderId, count });
}
