import { HOUR_MS, MINUTE_MS, after } from "@reminder-app/platform/clock";
import { DAY_MS, placeWall, wallAt } from "./wall-clock.ts";

/** How far to go on: months and days on the calendar, hours and minutes as they pass. */
export interface Span {
  readonly months?: number | undefined;
  readonly days?: number | undefined;
  readonly hours?: number | undefined;
  readonly minutes?: number | undefined;
}

/**
 * The instant that lies `span` after `at`: the same time of day some months and days on, in `zone`, whatever the clocks
 * do meanwhile, and from there the hours and minutes. From the 31st a month leads to the last day of a shorter one.
 */
export function laterBy(at: Date, { months = 0, days = 0, hours = 0, minutes = 0 }: Span, zone: string): Date {
  const span = hours * HOUR_MS + minutes * MINUTE_MS;
  if (months === 0 && days === 0) return after(at, span);
  const wall = wallAt(zone, at.getTime());
  return new Date(placeWall(zone, monthsLater(wall, months) + days * DAY_MS) + span);
}

function monthsLater(wall: number, months: number): number {
  const reading = new Date(wall);
  const [year, month] = [reading.getUTCFullYear(), reading.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(reading.getUTCDate(), lastDay)) + (wall - Math.floor(wall / DAY_MS) * DAY_MS);
}
