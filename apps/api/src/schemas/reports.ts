import { COLLECTED_WITHIN_DAYS } from "@reminder-app/core/reports/report-payments";
import { ages } from "@reminder-app/core/reports/report-receivables";
import { reminderTypes } from "@reminder-app/db/schema/reminder-types";
import { holdReasons } from "@reminder-app/db/schema/reminders";
import { deliveryStates } from "@reminder-app/db/schema/deliveries";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { instant } from "../schemas.ts";

const count = z.int().min(0);
const money = z.int().describe("In minor units of the currency");
const civilDate = z.string().describe("YYYY-MM-DD");

const outcomes = {
  total: count.describe("All messages; waiting, sent, failed and notSent add up to it"),
  waiting: count.describe("They wait, are being sent, or it is not known yet whether they were"),
  sent: count.describe("The provider took them"),
  delivered: count.describe("Of those sent: the provider says that they arrived"),
  bounced: count.describe("Of those sent: the provider says that they did not arrive"),
  failed: count.describe("Refused for good, or given up"),
  notSent: count.describe("Left out, too late, or stopped before they went"),
} as const;

const period = { from: civilDate, to: civilDate } as const;

/** What a line is about; absent where the report is not by it. */
const message = {
  reminderId: z.uuid().optional(),
  stepId: z.string().nullable().optional(),
  channel: z.enum(channelKinds).optional(),
} as const;

export const deliveryReportSchema = z.object({
  ...period,
  all: z.object(outcomes),
  lines: z.array(
    z.object({
      day: civilDate.optional(),
      ...message,
      state: z.enum(deliveryStates).optional(),
      reason: z.string().nullable().optional(),
      sentence: z.string().nullable().optional().describe("The reason in plain words"),
      ...outcomes,
    }),
  ),
});

export const completionReportSchema = z.object({
  ...period,
  lines: z.array(
    z.object({
      ...message,
      weekday: z.int().min(1).max(7).optional().describe("1 is Monday"),
      hour: z.int().min(0).max(23).optional().describe("On the business's clocks"),
      sent: count.describe("Messages that a provider took"),
      done: count.describe("Work that was done within 72 hours of its last message, which was one of these"),
      share: z.number().nullable().describe("`done` of `sent`; null where nothing was sent"),
    }),
  ),
});

export const visitReportSchema = z.object({
  ...period,
  counted: z.boolean().describe("Whether visits are noted at present"),
  lines: z.array(
    z.object({
      day: civilDate,
      opened: count.describe("By people, so far as can be told"),
      clients: count.describe("How many clients that were"),
      scanned: count.describe("By mail scanners and other programs, which count for nothing"),
    }),
  ),
});

const owed = {
  requests: count,
  amount: money.describe("What is still owed, in minor units of the currency"),
  processing: money.describe("What of it is on its way"),
} as const;

export const receivablesSchema = z.object({
  asOf: civilDate,
  currencies: z.array(
    z.object({
      currency: z.string(),
      all: z.object(owed),
      ages: z.array(z.object({ age: z.enum(ages.map(({ age }) => age)).describe("Days overdue"), ...owed })),
    }),
  ),
});

const spread = z.object({ mean: z.number(), median: z.number() }).nullable();

export const paymentReportSchema = z.object({
  ...period,
  currencies: z.array(
    z.object({
      currency: z.string(),
      payments: count,
      received: money,
      refunded: money,
      disputed: money,
      afterReminder: money.describe(
        `What of it came within ${COLLECTED_WITHIN_DAYS} days of a message about it, in minor units of the currency`,
      ),
      requestsPaid: count,
      daysToPay: spread.describe("From the day on which it was asked for to the day on which all was paid"),
      daysLate: spread.describe("From the due date to that day; below 0 where it was paid early"),
    }),
  ),
});

export const lateClientSchema = z.object({
  id: z.uuid().describe("The assignment"),
  clientId: z.uuid(),
  clientName: z.string(),
  reminderId: z.uuid(),
  reminderName: z.string(),
  type: z.enum(reminderTypes),
  period: z.string(),
  dueOn: civilDate,
  daysLate: z.int(),
  missing: count.describe("How many things the client has still to send"),
  hold: z.enum(holdReasons).nullable(),
  messagesSent: count,
  lastMessageAt: instant.nullable(),
});
