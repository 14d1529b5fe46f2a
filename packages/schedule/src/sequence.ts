import { z } from "zod";
import { calendarSchema } from "./calendars.ts";
import { dueRuleSchema } from "./due-rule.ts";
import { timeOfDaySchema } from "./time-of-day.ts";
import { scheduleZoneSchema } from "./zones.ts";

const MOST_STEPS = 500;
export const MOST_DAYS = 730;

/** Days in a row, or days on which offices are open. */
const countingSchema = z.enum(["days", "working_days"]);

const stepSchema = z.strictObject({
  /** Names the step for good: what was sent under it is not sent again. */
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_+-]{0,39}$/, { error: "Write a name of small letters, digits, -, + and _, such as t-14" })
    .meta({ examples: ["t-14"] }),
  /** From the due date: before it when negative, on it for 0. */
  days: z
    .int()
    .min(-MOST_DAYS, { error: `A step lies at most ${MOST_DAYS} days before the due date` })
    .max(MOST_DAYS, { error: `A step lies at most ${MOST_DAYS} days after the due date; the last one may repeat` }),
  count: countingSchema.default("days"),
  time: timeOfDaySchema,
  /** What happens where the day is a weekend or holiday. A step up to the due date is never moved past it. */
  ifClosed: z.enum(["send", "earlier", "later"]).default("send"),
});
export type Step = z.infer<typeof stepSchema>;

/** The fields of a sequence, each right in itself. What they mean together is checked in `schedule.ts`. */
export const sequenceFields = z.strictObject({
  kind: z.literal("sequence"),
  zone: scheduleZoneSchema,
  steps: z
    .array(stepSchema)
    .min(1, { error: "A sequence needs at least one step" })
    .max(MOST_STEPS, { error: `A sequence has at most ${MOST_STEPS} steps; the last one may repeat` }),
  /** The last step again and again, until the work is done or `atMost` times. */
  repeat: z
    .strictObject({
      everyDays: z
        .int()
        .min(1, { error: "A step repeats every day at the most" })
        .max(366, { error: "A step repeats every 366 days at the least; beyond that write a due rule" }),
      count: countingSchema.default("days"),
      atMost: z
        .int()
        .min(1, { error: "Leave the repeat out for a step that comes once" })
        .max(1_000, { error: "A step repeats at most 1,000 times" })
        .optional(),
    })
    .optional(),
  /** Steps that are past when a client joins, or when a pause ends: left out, or the latest of them sent at once. */
  late: z.enum(["skip", "collapse"]).default("skip"),
  /** Whose holidays count; the business's when left out. */
  calendar: calendarSchema.optional(),
  due: dueRuleSchema.optional(),
});
export type Sequence = z.infer<typeof sequenceFields>;
