import { invalid } from "@reminder-app/platform/errors";
import { laterBy } from "@reminder-app/schedule/later";
import { z } from "zod";

const MOST_YEARS = 25;

export const instantOfClock = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** Throws `validation_failed` for an instant so far away that nobody can mean it. */
export function requireReachable(field: string, { from, to }: { from: Date; to: Date }): void {
  const months = 12 * MOST_YEARS;
  if (to <= laterBy(from, { months }, "UTC") && to >= laterBy(from, { months: -months }, "UTC")) return;
  throw invalid(field, `must be within ${MOST_YEARS} years of where the clock stands, ${from.toISOString()}`);
}
