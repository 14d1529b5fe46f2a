import { providers } from "@reminder-app/channels/accounts";
import { z } from "zod";

export const credentialSchema = z.object({
  provider: z.enum(providers),
  details: z.record(z.string(), z.string()).describe("All but the secrets"),
  secret: z.string().describe("… and its last four characters; it is never shown whole"),
  webhookUrl: z.url().nullable().describe("Where the provider has to report what clients write to your number"),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
