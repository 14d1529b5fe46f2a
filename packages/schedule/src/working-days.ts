import { isHoliday, isWeekend } from "./calendars.ts";
import { dayOfWall, DAY_MS, parseWall, type WallMs } from "./wall-clock.ts";

/** Further than any run of closed days, so that a search always ends. */
const MOST_CLOSED_DAYS = 60;

/** Whether offices are closed on the day that begins at `dayMs`: a weekend or holiday of `calendar`; Saturdays and Sundays without one. */
export function isClosed(dayMs: WallMs, calendar: string | undefined): boolean {
  return isWeekend(calendar, dayMs) || (calendar !== undefined && isHoliday(calendar, dayMs));
}

/** The nearest working day on or before (`-1`), or on or after (`1`), a day. */
export function nearestWorkingDay(dayMs: WallMs, direction: -1 | 1, calendar: string | undefined): WallMs {
  let day = dayMs;
  for (let tried = 0; tried < MOST_CLOSED_DAYS && isClosed(day, calendar); tried += 1) day += direction * DAY_MS;
  return day;
}

/** The day that is `count` working days after a day, or before it when negative; the day itself for 0. */
export function addWorkingDays(dayMs: WallMs, count: number, calendar: string | undefined): WallMs {
  const direction = count < 0 ? -1 : 1;
  let day = dayMs;
  for (let left = Math.abs(count); left > 0; left -= 1)
    day = nearestWorkingDay(day + direction * DAY_MS, direction, calendar);
  return day;
}

/** `YYYY-MM-DD`, moved to the next working day where it is none. */
export function rollToWorkingDay(date: string, direction: -1 | 1, calendar: string | undefined): string {
  return dayOfWall(nearestWorkingDay(parseWall(date), direction, calendar));
}
