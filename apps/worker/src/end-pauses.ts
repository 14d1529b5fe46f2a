import { endHold } from "@reminder-app/core/assignments/release-assignment";
import { type SystemCtx, actFor } from "@reminder-app/core/ctx";
import { endPauseOfReminder } from "@reminder-app/core/reminders/pause-reminder";
import { overdueRepo } from "@reminder-app/core/system/overdue.repo";
import type { Logger } from "@reminder-app/platform/log";

const MOST = 500;

/**
 * End the pauses of reminders and the holds that have come to their end. Nothing is sent too early or too late without
 * it: it tidies the rows, lets the planner look again, and opens a task for each broken promise.
 */
export async function endPauses({ system, log }: { system: SystemCtx; log: Logger }): Promise<void> {
  const overdue = overdueRepo(system.db);
  const now = system.now();
  const report = (error: unknown) => log.warn({ error }, "a pause or hold could not be ended; the sweep comes back");
  for (const { businessId, reminderId } of await overdue.remindersToResume(now, MOST))
    await endPauseOfReminder(actFor(system, businessId, "sweep"), reminderId).catch(report);
  for (const { businessId, ...key } of await overdue.holdsToEnd(now, MOST))
    await endHold(actFor(system, businessId, "sweep"), key).catch(report);
}
