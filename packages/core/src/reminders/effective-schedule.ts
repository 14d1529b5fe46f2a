import type { ReminderType } from "@reminder-app/db/schema/reminder-types";
import type { Schedule } from "@reminder-app/schedule/schedule";
import type { AtOneTime } from "@reminder-app/schedule/time-of-day";
import type { Business } from "../businesses/businesses.repo.ts";

/** What of a business decides when its reminders are due. */
export type ScheduleDefaults = Pick<Business, "holidayCalendar" | "dailyMessageAt">;

/**
 * A schedule as the business means it: with its holidays, where the schedule names none, and at the time of its daily
 * message, but for appointments. All moments are worked out from this.
 */
export function effectiveSchedule<Kind extends Schedule>(
  { schedule, type }: { readonly schedule: Kind; readonly type: ReminderType },
  { holidayCalendar, dailyMessageAt }: ScheduleDefaults,
): Kind & AtOneTime {
  const needsCalendar = schedule.kind === "sequence" && !schedule.calendar && holidayCalendar !== null;
  const isTimed = goesInDailyMessage(type) && dailyMessageAt !== null;
  if (!needsCalendar && !isTimed) return schedule;
  return {
    ...schedule,
    ...(needsCalendar && { calendar: holidayCalendar }),
    ...(isTimed && { everyMomentAt: dailyMessageAt }),
  };
}

/** An appointment has its own hour; all else may wait for the one message of the day. */
export function goesInDailyMessage(type: ReminderType): boolean {
  return type !== "appointment";
}
