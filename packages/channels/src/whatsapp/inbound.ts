import { z } from "zod";
import { addressSchemas } from "../addresses.ts";
import type { InboundMessage } from "../channel.ts";
import { readWhatsappWebhook } from "./webhook.ts";

const inboundReport = z.object({
  id: z.string().min(1).max(256),
  from: z.string().max(32),
  text: z.object({ body: z.string() }).optional(),
  button: z.object({ text: z.string() }).optional(),
  interactive: z.object({ button_reply: z.object({ title: z.string() }).optional() }).optional(),
});

/** What clients wrote to our numbers, or tapped, in a verified webhook. Throws `malformed_request`. */
export function readWhatsappInbound(payload: unknown, phoneNumberIds: readonly string[]): InboundMessage[] {
  return readWhatsappWebhook(payload, phoneNumberIds).flatMap(({ metadata, messages }) =>
    messages.flatMap((message) => toInbound(message, metadata.phone_number_id)),
  );
}

/** New kinds of messages come up, and one of them must not hold up the others. */
function toInbound(message: unknown, account: string): InboundMessage[] {
  const report = inboundReport.safeParse(message);
  if (!report.success) return [];
  const { id, from, text, button, interactive } = report.data;
  const number = addressSchemas.whatsapp.safeParse(`+${from}`);
  if (!number.success) return [];
  const words = text?.body ?? button?.text ?? interactive?.button_reply?.title ?? "";
  return [{ provider: "whatsapp", account, eventKey: id, channel: "whatsapp", from: number.data, text: words }];
}
