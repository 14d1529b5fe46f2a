import { signs } from "@reminder-app/core/duplicates/page-duplicates";
import { z } from "zod";
import { clientSummarySchema } from "../schemas.ts";

export const duplicatesSchema = z.object({
  items: z.array(
    z.object({
      clients: z.array(clientSummarySchema).describe("Two, the older one first"),
      because: z.array(z.enum(signs)).describe("What speaks for it, the strongest first"),
    }),
  ),
  more: z.boolean().describe("Whether there are more; merge some of these to see them"),
});

export const mergeSchema = z.object({
  clientId: z.uuid(),
  from: z.uuid(),
  dryRun: z.boolean(),
  filled: z.array(z.string()).describe("Fields that the client did not have, and has now"),
  tags: z.array(z.string()),
  contacts: z.int(),
  assignments: z.int().describe("How many became this client's"),
  cancelled: z
    .array(z.object({ id: z.uuid(), reminderId: z.uuid(), period: z.string() }))
    .describe("What this client is reminded of as well; it stays with the merged client's history"),
  inFlight: z.int().describe("Messages of these whose send had started before"),
  paymentRequests: z.int(),
  payments: z.int(),
  documents: z.int(),
  links: z.int(),
  tasks: z.int(),
});
