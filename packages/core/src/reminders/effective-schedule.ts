import type { Schedule } from "@reminder-app/schedule/schedule";
import type { Business } from "../businesses/businesses.repo.ts";

/** What of a business decides when its reminders are due. */
export type ScheduleDefaults = Pick<Business, "holidayCalendar">;

/** A schedule as the business means it: with its holidays, where the schedule names none. All moments are worked out from this. */
export function effectiveSchedule<Kind extends Schedule>(schedule: Kind, { holidayCalendar }: ScheduleDefaults): Kind {
  if (schedule.kind !== "sequence" || schedule.calendar || !holidayCalendar) return schedule;
  return { ...schedule, calendar: holidayCalendar };
}
