import { sendStatuses } from "@reminder-app/core/outbox/predict-send";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { instant } from "../schemas.ts";

export const previewSchema = z.object({
  moments: z.array(
    z.object({
      localTime: z.string().describe("What the clocks in timeZone show then"),
      timeZone: z.string(),
      at: instant,
      lastAt: instant.optional().describe("When the last recipient on earth gets it, where each one's own zone counts"),
      stepId: z.string().optional(),
      repeat: z.int().optional().describe("0 for the step itself, then 1, 2, … for its repeats"),
      dueOn: z.iso.date().optional(),
      moved: z.enum(["earlier", "later"]).optional().describe("From a weekend or holiday"),
      collides: z.boolean().optional().describe("Left out, because another step has its day"),
      note: z.string().optional().describe("What is special about it, in plain words"),
    }),
  ),
});

export const decidedSendsSchema = z.object({
  sends: z.array(
    z.object({
      assignmentId: z.uuid(),
      slotKey: z.string(),
      outcome: z
        .enum(["held", "released", "skipped", "unskipped", "approved", "edited", "unchanged", "in_flight"])
        .describe("unchanged where it stood already, in_flight where its send had started"),
    }),
  ),
});

const futureSendSchema = z.object({
  assignmentId: z.uuid().nullable().describe("Null for a period that a due rule has still to open"),
  slotKey: z.string().nullable().describe("Names the moment; with assignmentId it names the send in decisions"),
  deliveryId: z.uuid().nullable().describe("Once it is planned"),
  reminderId: z.uuid(),
  reminderName: z.string(),
  clientId: z.uuid(),
  clientName: z.string(),
  contactId: z.uuid(),
  contactName: z.string(),
  channel: z.enum(channelKinds),
  stepId: z.string().nullable(),
  period: z.string(),
  dueOn: z.iso.date().nullable(),
  dueAt: instant,
  expectedAt: instant.nullable().describe("When it goes, or would if it is let go before; null where it does not"),
  status: z.enum(sendStatuses),
  reason: z.string().nullable().describe("Why it goes later than it is due, waits for a person, or will not go"),
  sentence: z.string().describe("The same in plain words"),
  edited: z
    .object({ subject: z.string().nullable(), body: z.string().nullable() })
    .nullable()
    .describe("What staff wrote for this one send"),
});

export const outboxPageSchema = z.object({
  items: z.array(futureSendSchema),
  nextCursor: z.string().optional().describe("Give it as cursor to get the next page"),
});

const rehearsedSendSchema = futureSendSchema
  .pick({
    reminderId: true,
    reminderName: true,
    clientId: true,
    clientName: true,
    contactName: true,
    channel: true,
    stepId: true,
    period: true,
    dueOn: true,
    status: true,
    reason: true,
    sentence: true,
  })
  .extend({
    at: instant.describe("When it goes, or when it is due where it does not"),
    localTime: z.string().describe("HH:MM in the business's zone"),
  });

export const rehearsalSchema = z.object({
  timeZone: z.string().describe("The business's, by whose days the months are told"),
  from: z.iso.date(),
  to: z.iso.date(),
  months: z.array(
    z.object({
      month: z.string().describe("YYYY-MM"),
      goes: z.int(),
      waits: z.int().describe("Held, or waiting for approval"),
      skipped: z.int(),
      days: z.array(z.object({ day: z.iso.date(), sends: z.array(rehearsedSendSchema) })),
    }),
  ),
});
