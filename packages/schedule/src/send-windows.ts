import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { timeOfDaySchema } from "./time-of-day.ts";

export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** Open from `from` up to but not at `to`, on one day; `24:00` is the day's end. */
const spanSchema = z
  .strictObject({ from: timeOfDaySchema, to: z.union([timeOfDaySchema, z.literal("24:00")]) })
  .refine(({ from, to }) => from < to, { path: ["to"], error: "A window must end after it begins, on the same day" });

const weekSchema = z.partialRecord(z.enum(weekdays), z.array(spanSchema).min(1).max(6));

/** When each channel is open, by weekday, in the recipient's zone. A weekday that is left out is closed, a channel that is left out is always open. */
export const sendWindowsSchema = z.partialRecord(z.enum(channelKinds), weekSchema);

export type WeekWindows = z.infer<typeof weekSchema>;
export type SendWindows = z.infer<typeof sendWindowsSchema>;
