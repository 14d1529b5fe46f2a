import type { Id } from "@reminder-app/platform/ids";
import ical, { ICalCalendarMethod, ICalEventStatus, ICalEventTransparency } from "ical-generator";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { onOneLine } from "../hidden-characters.ts";

const REFRESH_SECONDS = 3_600;

/** A due date as calendars get it: under one name for good, and newer the higher its sequence. */
export interface CalendarDay {
  readonly assignmentId: Id<"Assignment">;
  readonly sequence: Assignment["calendarSequence"];
  readonly dueOn: string;
  readonly title: string;
  /** It fell away, or nothing is to be done any more. */
  readonly isOver: boolean;
}

/** How a due date is called in a calendar. */
export function titleOf(reminderName: string, period: string): string {
  return period === "" ? reminderName : `${reminderName} ${period}`;
}

/** Due dates as an iCalendar file (RFC 5545): whole days that take no one's time, each under a name that stays. */
export function writeCalendar(days: readonly CalendarDay[], { name, now }: { name: string; now: Date }): string {
  const calendar = ical({
    name: onOneLine(name),
    prodId: { company: "Reminder App", product: "due dates" },
    method: ICalCalendarMethod.PUBLISH,
    ttl: REFRESH_SECONDS,
  });
  for (const { assignmentId, sequence, dueOn, title, isOver } of days) {
    calendar.createEvent({
      id: `${assignmentId}@reminder-app`,
      sequence,
      stamp: now,
      start: new Date(`${dueOn}T00:00:00Z`),
      allDay: true,
      summary: onOneLine(title),
      status: isOver ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return calendar.toString();
}
