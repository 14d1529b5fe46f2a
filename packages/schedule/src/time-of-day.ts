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
