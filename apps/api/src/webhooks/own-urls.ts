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

/** Where Stripe reports on a business's own account. */
export function ownStripeUrl(publicUrl: string, businessId: Id<"Business">): string {
  return `${publicUrl.replace(/\/+$/, "")}/webhooks/stripe/${businessId}`;
}
