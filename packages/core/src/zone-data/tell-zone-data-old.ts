import { tzdataVersion } from "@reminder-app/schedule/zones";
import { type Ctx, inTransaction } from "../ctx.ts";
import { openTask } from "../tasks/open-task.ts";
import { taskRepo } from "../tasks/tasks.repo.ts";

const MOST_ZONES = 500;

/**
 * Tell staff that the clocks of a zone have changed by a version of the time zone data which this service does not have.
 * Answers whether a task was opened: while one is open for the zone there is no other.
 */
export async function tellZoneDataOld(
  ctx: Ctx,
  { zone, version }: { readonly zone: string; readonly version: string },
): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const open = await taskRepo(tx).page({ kind: "zone_data_old", state: "open" }, { limit: MOST_ZONES });
    if (open.some(({ openSubject }) => openSubject === zone)) return false;
    await openTask(tx, {
      kind: "zone_data_old",
      subject: zone,
      note: `The law about the clocks of ${zone} has changed (time zone data ${version}), and this service still goes by ${tzdataVersion()}: local times there may be wrong until it is updated`,
    });
    return true;
  });
}
