import { z } from "zod";

/** A local time of day to the minute, `00:00` to `23:59`. */
export const timeOfDaySchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: "Write a time of day as HH:MM, 00:00 to 23:59" })
  .meta({ examples: ["09:00"] });

/** Set on a schedule whose moments all come at one local time of day: its days stay, its own times do not count. */
export interface AtOneTime {
  readonly everyMomentAt?: string | undefined;
}

/** How long after midnight a wall clock shows `time`, in milliseconds; `24:00` is the day's end. */
export function timeOfDayMs(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000;
}
