import type { Schedule } from "@reminder-app/schedule/schedule";
import type { AtOneTime } from "@reminder-app/schedule/time-of-day";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { effectiveSchedule } from "./effective-schedule.ts";
import type { Reminder } from "./reminders.repo.ts";

/** The schedule of a reminder as its business means it now. */
export async function scheduleOf(
  ctx: Ctx,
  reminder: Pick<Reminder, "schedule" | "type">,
): Promise<Schedule & AtOneTime> {
  return effectiveSchedule(reminder, await businessRepo(ctx).scheduleDefaults());
}
