import { businessModes } from "@reminder-app/db/schema/businesses";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { instant } from "../schemas.ts";

export const testClockSchema = z.object({
  mode: z.enum(businessModes).describe("A live business goes by real time"),
  now: instant.describe("Where the clock stands"),
  next: instant.nullable().describe("When there is something to do next, as far as it is planned; null when live"),
});

export const advancedTestClockSchema = z.object({
  now: instant.describe("Where the clock stands"),
  to: instant.describe("Where it was to go"),
  reached: z.boolean().describe("False: that was much for one request; name `to` in the next one"),
  sent: z.int(),
  skipped: z.int().describe("Not sent, for the reason that each delivery has"),
  failed: z.int().describe("Refused for good, or tried too often"),
});

export const testMessageSchema = z.object({
  id: z.uuid(),
  deliveryId: z.uuid(),
  reminderId: z.uuid(),
  assignmentId: z.uuid(),
  clientId: z.uuid(),
  contactId: z.uuid(),
  stepId: z.string().nullable().describe("The step of the sequence"),
  channel: z.enum(channelKinds),
  recipient: z.string(),
  subject: z.string().nullable(),
  text: z.string(),
  sentAt: instant.describe("By the test clock"),
});
