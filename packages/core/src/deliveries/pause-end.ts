import { invalid } from "@reminder-app/platform/errors";
import { civilDateSchema, startOfDay } from "@reminder-app/schedule/civil-date";
import { z } from "zod";

/** Columns end with the year 9999. */
const LATEST = new Date("9900-01-01T00:00:00Z");

/** When a pause ends by itself. */
const pauseEndSchema = z
  .union([civilDateSchema, z.iso.datetime({ offset: true })], {
    error: "Write a date such as 2027-04-30, or an instant such as 2027-04-30T09:00:00Z",
  })
  .describe("It ends by itself at this instant, or when this day begins in the business's zone");

export const PauseInput = z.strictObject({ until: pauseEndSchema.optional() });
export type Pause = z.output<typeof PauseInput>;

/** The instant at which a pause ends; null when a person ends it. Throws `validation_failed` when that is past. */
export function pauseEnd({ until }: Pause, { zone, now }: { zone: string; now: Date }): Date | null {
  if (until === undefined) return null;
  return requireLater(until.length === 10 ? startOfDay(until, zone) : new Date(until), now);
}

/** Throws `validation_failed` unless `end` is later than now, and one that can be stored. */
export function requireLater(end: Date, now: Date): Date {
  if (end <= now) throw invalid("until", `would end at ${end.toISOString()}, which is past; choose a later one`);
  if (end >= LATEST) throw invalid("until", "must be before the year 9900");
  return end;
}
