import { z } from "zod";
import { timeOfDaySchema } from "./time-of-day.ts";

/** Local times between which nothing is sent: from `start` up to but not at `end`, past midnight when `end` is the smaller. */
export const quietHoursSchema = z
  .strictObject({ start: timeOfDaySchema, end: timeOfDaySchema })
  .refine(({ start, end }) => start !== end, {
    path: ["end"],
    error: "Quiet hours must end at another time than they start",
  });

export type QuietHours = z.infer<typeof quietHoursSchema>;
