import { twilioInboundUrl } from "@reminder-app/channels/twilio/inbound";
import type { Id } from "@reminder-app/platform/ids";

/** Where Twilio sends what clients write to a business's own number. */
export function ownTwilioInboundUrl(publicUrl: string, businessId: Id<"Business">): string {
  return `${twilioInboundUrl(publicUrl)}/${businessId}`;
}

/** Where WhatsApp reports on a business's own number. */
export function ownWhatsappUrl(publicUrl: string, businessId: Id<"Business">): string {
  return `${publicUrl.replace(/\/+$/, "")}/webhooks/whatsapp/${businessId}`;
}
