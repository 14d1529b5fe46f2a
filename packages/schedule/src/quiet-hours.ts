import { z } from "zod";
import { timeOfDaySchema } from "./time-of-day.ts";
import { dayOfWall, DAY_MS, parseWall, placeWall, wallAt } from "./wall-clock.ts";

/** Local times between which nothing is sent: from `start` up to but not at `end`, past midnight when `end` is the smaller. */
export const quietHoursSchema = z
  .strictObject({ start: timeOfDaySchema, end: timeOfDaySchema })
  .refine(({ start, end }) => start !== end, {
    path: ["end"],
    error: "Quiet hours must end at another time than they start",
  });

export type QuietHours = z.infer<typeof quietHoursSchema>;

/** The first instant at or after `at` at which the clocks in `zone` are outside the quiet hours: `at` itself if they are, or if there are none. */
export function nextOpening(quietHours: QuietHours | undefined, zone: string, at: Date): Date {
  if (!quietHours) return at;
  const { start, end } = quietHours;
  const wall = wallAt(zone, at.getTime());
  const today = dayOfWall(wall);
  const isAfterStart = wall >= parseWall(`${today}T${start}`);
  const isBeforeEnd = wall < parseWall(`${today}T${end}`);
  const wraps = end < start;
  const isQuiet = wraps ? isAfterStart || isBeforeEnd : isAfterStart && isBeforeEnd;
  if (!isQuiet) return at;

  const endsTomorrow = wraps && isAfterStart;
  const endWall = parseWall(`${today}T${end}`) + (endsTomorrow ? DAY_MS : 0);
  const opening = placeWall(zone, endWall);
  // In the repeated hour of autumn the end may have been once already.
  return new Date(opening > at.getTime() ? opening : placeWall(zone, endWall, "later"));
}
