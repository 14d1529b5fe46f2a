import { z } from "zod";

const windows = z.array(z.object({ from: z.string(), to: z.string() }));

/** When a business lets its messages go, and how many. */
export const businessTimes = {
  sendWindows: z
    .record(z.string(), z.record(z.string(), windows))
    .nullable()
    .describe("When each channel is open, by weekday, on the recipient's clocks; always when null"),
  holidayCalendar: z.string().nullable().describe("Whose holidays count where a schedule names none"),
  contactCap: z
    .object({ perDay: z.int().optional(), perWeek: z.int().optional() })
    .nullable()
    .describe("How many messages a person gets over all reminders; no limit when null"),
  dailyMessageAt: z
    .string()
    .nullable()
    .describe("The local time of one message a day that lists all that is due; each goes by itself when null"),
};
