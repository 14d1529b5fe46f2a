import { suppressionReasons } from "@reminder-app/db/schema/consent";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";

const suppressionSchema = z.object({
  channel: z.enum(channelKinds),
  reason: z.enum(suppressionReasons),
  source: z.string().describe("Where it came from"),
  createdAt: z.iso.datetime(),
  contacts: z
    .array(z.object({ clientId: z.uuid(), contactId: z.uuid() }))
    .describe("Who has the address now; it is not stored in clear"),
});

export const suppressionPageSchema = z.object({
  items: z.array(suppressionSchema),
  nextCursor: z.string().optional().describe("Give it as cursor to get the next page"),
});

export const liftedSchema = z.object({ lifted: z.boolean().describe("False when nothing stood against the address") });
