import type { Ctx } from "../ctx.ts";
import { type PauseTarget, holdRepo } from "./holds.repo.ts";

/**
 * Let the planner look at the sequences concerned when a pause or hold ends, at `at`: what their steps were that passed
 * meanwhile is judged then. Takes the locks of the reminders, so it comes before those of assignments and deliveries.
 */
export async function planAgainAt(tx: Ctx, target: PauseTarget, at: Date): Promise<void> {
  const repo = holdRepo(tx);
  const ids = await repo.remindersPlannedAfter(target, at);
  if (ids.length === 0) return;
  await repo.lockReminders(ids);
  await repo.planBy(target, ids, at);
}
