import { paymentAccountKinds } from "@reminder-app/db/schema/payments";
import { z } from "zod";

export const paymentAccountSchema = z.object({
  kind: z.enum(paymentAccountKinds).describe("connect: under this installation's platform. own_key: by your own key"),
  accountId: z.string().describe("The provider's name for it"),
  mode: z.enum(["live", "test"]).describe("What is paid in test mode is not money"),
  chargesEnabled: z.boolean().describe("Whether clients can pay by it"),
  secretKey: z.string().nullable().describe("… and its last four characters; it is never shown whole"),
  webhookSecrets: z.int().describe("How many secrets of your own webhooks are valid: two while one is changed"),
  webhookUrl: z.url().nullable().describe("Where your own account has to report what happens in it"),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const paymentAccountAnswer = z.object({
  account: paymentAccountSchema.nullable().describe("Where money arrives; clients cannot pay online when null"),
  canConnect: z.boolean().describe("Whether an account can be opened under this installation's platform"),
});
