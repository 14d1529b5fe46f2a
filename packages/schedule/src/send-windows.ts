import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { timeOfDaySchema } from "./time-of-day.ts";

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Open from `from` up to but not at `to`, on one day; `24:00` is the day's end. */
const spanSchema = z
  .strictObject({
    from: timeOfDaySchema,
    to: z
      .string()
      .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: "Write a time of day as HH:MM, 00:01 to 24:00" })
      .meta({ examples: ["18:00"] }),
  })
  .refine(({ from, to }) => from < to, {
    path: ["to"],
    error:
      "A window must end after it begins, on the same day; write one that passes midnight as two, up to 24:00 and from 00:00",
  });
type Span = z.infer<typeof spanSchema>;

const daySchema = z
  .array(spanSchema)
  .min(1, { error: "Leave a day out on which nothing is sent" })
  .max(6)
  .superRefine((spans, issues) => {
    for (const [before, span] of overlaps(spans))
      issues.addIssue({ code: "custom", message: `${write(before)} and ${write(span)} overlap; join them` });
  });

const weekSchema = z.partialRecord(z.enum(weekdays), daySchema).refine((week) => Object.keys(week).length > 0, {
  error: "Name at least one day; leave the channel out if it may send at any time",
});

/** When each channel is open, by weekday, in the recipient's zone. A weekday that is left out is closed, a channel that is left out is always open. */
export const sendWindowsSchema = z.partialRecord(z.enum(channelKinds), weekSchema);

export type WeekWindows = z.infer<typeof weekSchema>;
export type SendWindows = z.infer<typeof sendWindowsSchema>;

function overlaps(spans: readonly Span[]): [Span, Span][] {
  const sorted = spans.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  return sorted.flatMap((span, index): [Span, Span][] => {
    const before = sorted[index - 1];
    return before && before.to > span.from ? [[before, span]] : [];
  });
}

function write({ from, to }: Span): string {
  return `${from}-${to}`;
}
