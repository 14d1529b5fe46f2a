import { z } from "zod";
import { readCron } from "./cron.ts";
import { findFaults } from "./recurrence-faults.ts";
import { dateOrLocalDateTime, type Recurrence, recurrenceFields } from "./recurrence.ts";

/** A message that repeats, as it is given: by a rule, or by a cron text that says the days and the time. */
const givenFields = z.strictObject({
  ...recurrenceFields.shape,
  start: dateOrLocalDateTime
    .describe(
      "With `rule` a local date and time, whose time every moment has; with `cron` a date, the first that may count",
    )
    .meta({ examples: ["2030-01-31T09:00"] }),
  rule: recurrenceFields.shape.rule.optional(),
  cron: z
    .string()
    .max(200)
    .optional()
    .describe("In place of `rule`: minute hour day month weekday, once a day at most. Kept as the rule that it means"),
});
type Given = z.infer<typeof givenFields>;

interface Fault {
  readonly field: keyof Given;
  readonly message: string;
}

/** What this accepts has at least one moment, and can be expanded without errors. What it gives is accepted again, unchanged. */
export const recurringSchema = givenFields
  .transform((given, issues): Recurrence => {
    const read = toRecurrence(given);
    const faults = "faults" in read ? read.faults : findFaults(read);
    for (const { field, message } of faults) {
      const path = [field === "rule" && given.cron !== undefined ? "cron" : field];
      issues.issues.push({ code: "custom", path, message, input: given });
    }
    return "faults" in read ? z.NEVER : read;
  })
  .pipe(recurrenceFields);

function toRecurrence({ cron, rule, ...given }: Given): Recurrence | { faults: readonly Fault[] } {
  if (cron !== undefined && rule !== undefined) return fault("cron", "says what `rule` says; keep one of them");
  if (cron !== undefined) return fromCron(cron, given);
  if (rule === undefined) return fault("rule", "Write a rule such as FREQ=MONTHLY, or a `cron` such as 0 9 * * 1-5");
  if (isDay(given.start))
    return fault("start", "Write an existing local date and time without offset, for example 2027-03-29T09:00");
  return { ...given, rule };
}

function fromCron(cron: string, given: Omit<Recurrence, "rule">): Recurrence | { faults: readonly Fault[] } {
  const meaning = readCron(cron);
  if ("fault" in meaning) return fault("cron", meaning.fault);
  if (!isDay(given.start)) return fault("start", "The time comes from `cron`; write a date such as 2027-03-29");
  return { ...given, start: `${given.start}T${meaning.time}`, rule: meaning.rule };
}

function isDay(text: string): boolean {
  return text.length === 10;
}

function fault(field: Fault["field"], message: string): { faults: readonly Fault[] } {
  return { faults: [{ field, message }] };
}
