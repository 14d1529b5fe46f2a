import { timelineKinds } from "@reminder-app/core/timeline/entry";
import { occurrenceStates } from "@reminder-app/core/timeline/page-occurrences";
import { tones } from "@reminder-app/db/schema/reminders";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { deliverySchema, deliveryWithAttemptsSchema, instant } from "../schemas.ts";

const sentence = z.string().describe("The same in plain words");
const said = z.string().nullable().describe("What the provider said");

export const timelinePageSchema = z.object({
  items: z.array(
    z.object({
      at: instant,
      localTime: z.string().describe("On the client's clocks"),
      timeZone: z.string(),
      kind: z.enum(timelineKinds),
      state: z.string().nullable().describe("Of a moment: what became of it for this client"),
      final: z.boolean().describe("Nothing more will become of it by itself"),
      reason: z.string().nullable(),
      sentence,
      reminderId: z.uuid().nullable(),
      reminderName: z.string().nullable(),
      assignmentId: z.uuid().nullable(),
      period: z.string().nullable(),
      stepId: z.string().nullable(),
      tone: z.enum(tones).nullable(),
      occurrenceId: z.uuid().nullable(),
      by: z.string().nullable().describe("Who did it, as the audit trail names them"),
      messages: z.array(
        z.object({
          deliveryId: z.uuid().nullable().describe("Null where it is still to be planned"),
          contactId: z.uuid(),
          contactName: z.string(),
          channel: z.enum(channelKinds),
          state: z.string(),
          reason: z.string().nullable(),
          said,
          sentence,
        }),
      ),
    }),
  ),
  nextCursor: z.string().optional().describe("Give it as cursor to get the next page"),
});

export const occurrenceSchema = z.object({
  id: z.uuid(),
  reminderId: z.uuid(),
  reminderName: z.string(),
  slotKey: z.string().describe("Names the moment among those of its reminder"),
  assignmentId: z.uuid().nullable().describe("Of a step; null where the moment is everybody's"),
  stepId: z.string().nullable(),
  state: z.enum(occurrenceStates),
  reason: z.string().nullable(),
  sentence,
  dueAt: instant,
  expiresAt: instant,
  createdAt: instant,
  updatedAt: instant,
});

export const occurrenceInFullSchema = occurrenceSchema.extend({
  deliveries: z.array(
    deliverySchema.extend({
      clientName: z.string(),
      contactName: z.string(),
      said,
      sentence,
      attempts: z.array(deliveryWithAttemptsSchema.shape.attempts.element.extend({ sentence })),
    }),
  ),
  without: z
    .array(
      z.object({
        assignmentId: z.uuid(),
        clientId: z.uuid(),
        clientName: z.string(),
        reason: z.string(),
        sentence,
      }),
    )
    .describe("Who was on the reminder and got no message, and why; on the first page, and at most a hundred"),
  nextCursor: z.uuid().optional().describe("Give it as cursor to get further deliveries"),
});
