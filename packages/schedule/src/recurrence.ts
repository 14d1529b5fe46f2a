import { z } from "zod";
import { civilDateSchema } from "./civil-date.ts";
import { localDateTimeSchema } from "./wall-clock.ts";
import { scheduleZoneSchema } from "./zones.ts";

/** A local day, or a local time on it. */
export const dateOrLocalDateTime = z.union([civilDateSchema, localDateTimeSchema], {
  error: "Write a local date like 2027-12-31, or a local date and time like 2027-12-31T09:00",
});

/** The fields of a recurring schedule, each right in itself. What they mean together is checked in `schedule.ts`. */
export const recurrenceFields = z.strictObject({
  kind: z.literal("recurring"),
  /** The local time of day of every moment; no moment of the rule lies before it. */
  start: localDateTimeSchema,
  zone: scheduleZoneSchema,
  /** RFC 5545 RRULE without its name, daily or slower. */
  rule: z
    .string()
    .min(1, { error: "Write a rule such as FREQ=MONTHLY" })
    .max(500)
    .meta({ examples: ["FREQ=MONTHLY"] }),
  /** The last local day or time on which the rule may give a moment. */
  until: dateOrLocalDateTime.optional(),
  /** How many moments the rule gives, before `exclude` and `include`. */
  count: z.int().min(1).max(10_000).optional(),
  /** For a day 29 to 31 that comes from `start`: the shorter month's last day, or no moment in it. `last` if not given. */
  onMissingDay: z.enum(["last", "skip"]).optional(),
  /** Local days on which the rule gives no moment. */
  exclude: z.array(civilDateSchema).max(1000).optional(),
  /** Days beside the rule's, at the time of `start` or their own; on a day of the rule, its own time replaces the rule's. */
  include: z.array(dateOrLocalDateTime).max(1000).optional(),
});

export type Recurrence = z.infer<typeof recurrenceFields>;
