import { z } from "zod";

export const tagCountSchema = z.object({
  tag: z.string(),
  clients: z.int().describe("Who has it and is not archived"),
});

const notEnrolledSchema = z.object({
  clientId: z.uuid(),
  reminderId: z.uuid(),
  message: z.string().describe("Why the client could not be put on the reminder"),
});

export const clientTagsSchema = z.object({
  tags: z.array(z.string()),
  enrolled: z.int().describe("On how many reminders rules put the client"),
  unenrolled: z.int().describe("Off how many reminders rules took the client"),
  inFlight: z.int().describe("Messages whose send had started before"),
  notEnrolled: z.array(notEnrolledSchema),
});

export const tagRuleSchema = z.object({
  id: z.uuid(),
  tag: z.string(),
  reminderId: z.uuid(),
  createdAt: z.iso.datetime(),
});

export const madeTagRuleSchema = tagRuleSchema.extend({
  enrolled: z.int(),
  notEnrolled: z.array(notEnrolledSchema).describe("The first hundred"),
  complete: z
    .boolean()
    .describe("Whether all clients with the tag were looked at; else the rest follows within minutes"),
});

export const removedTagRuleSchema = z.object({
  unenrolled: z.int(),
  inFlight: z.int().describe("Messages whose send had started before"),
});

export const notEnrolledListSchema = z.object({ items: z.array(notEnrolledSchema) });
