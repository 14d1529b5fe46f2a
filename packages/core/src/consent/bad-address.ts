import type { SuppressionReason } from "@reminder-app/db/schema/consent";

/** RFC 3463, X.1.*: about the recipient's address. 5 is no fault; 7 and 8 are about the sender's; 9 is about a relay. */
const MAILBOX_IS_BAD = /^smtp\/\d{3}\/5\.1\.(?:[012346]|10)$/;

/** Twilio's: the person wrote STOP; an invalid number, one that takes no SMS, an unknown handset, a landline. */
const twilio: Readonly<Record<string, SuppressionReason>> = {
  "twilio/21610": "opted_out",
  "twilio/21211": "bounced",
  "twilio/21614": "bounced",
  "twilio/30005": "bounced",
  "twilio/30006": "bounced",
};

/** What a provider's code says about the address itself; undefined when it is about the message, the sender or the moment. */
export function badAddress(code: string): SuppressionReason | undefined {
  if (MAILBOX_IS_BAD.test(code)) return "bounced";
  return Object.hasOwn(twilio, code) ? twilio[code] : undefined;
}
