import { AppError } from "@reminder-app/platform/errors";
import { z } from "zod";

const webhook = z.object({
  object: z.literal("whatsapp_business_account"),
  entry: z.array(z.object({ changes: z.array(z.object({ field: z.string(), value: z.unknown() })) })),
});

const messagesValue = z.object({
  metadata: z.object({ phone_number_id: z.string().min(1).max(64) }),
  statuses: z.array(z.unknown()).default([]),
  messages: z.array(z.unknown()).default([]),
});
type MessagesValue = z.output<typeof messagesValue>;

/**
 * What a verified webhook says of our numbers; an app may be subscribed to numbers that are not ours, and those are
 * left out, as are kinds of news that we do not know. Throws `malformed_request` when it is not of WhatsApp's form.
 */
export function readWhatsappWebhook(payload: unknown, phoneNumberIds: readonly string[]): MessagesValue[] {
  return parseAs(webhook, payload)
    .entry.flatMap(({ changes }) => changes)
    .filter(({ field }) => field === "messages")
    .map(({ value }) => parseAs(messagesValue, value))
    .filter(({ metadata }) => phoneNumberIds.includes(metadata.phone_number_id));
}

/** Throws `malformed_request`. */
export function parseAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new AppError("malformed_request", "This is not a webhook of WhatsApp's", { cause: parsed.error });
  }
  return parsed.data;
}
