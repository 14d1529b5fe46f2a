import { createHmac, randomInt, randomUUID } from "node:crypto";
import type { GivenApi } from "../given-api.ts";
import type { Answer } from "../given-call.ts";

const FORM = "application/x-www-form-urlencoded";
const NUMBER = "100000000000001";

/** A number that no other test writes from. */
export function aNumber(): string {
  return `+1415${randomInt(2_000_000, 9_999_999)}`;
}

type Fields = Readonly<Record<string, string>>;

/** What a client wrote by SMS, as Twilio posts it; `changes` also to how it is signed. */
export function twilioMessage(
  api: GivenApi,
  { secret = "twilio-auth-token-of-tests", ...fields }: Fields & { readonly secret?: string },
) {
  const url = `${api.settings.PUBLIC_URL}/webhooks/twilio/inbound`;
  const sid = `SM${randomUUID()}`;
  const form: Fields = { AccountSid: `AC${"0".repeat(32)}`, MessageSid: sid, To: "+15005550006", ...fields };
  const signed = Object.keys(form).toSorted().reduce((text, name) => text + name + form[name], url); // prettier-ignore
  const signature = createHmac("sha1", secret).update(signed).digest("base64");
  const post = (headers: Fields = { "x-twilio-signature": signature }, extra = ""): Promise<Answer> => {
    const body = new URLSearchParams(form).toString() + extra;
    return api.call("POST", "/webhooks/twilio/inbound", { body, headers: { "content-type": FORM, ...headers } });
  };
  return { sid, post };
}

/** A webhook of WhatsApp's about one of its numbers, ours unless told otherwise. */
export function whatsappWebhook(
  api: GivenApi,
  news: object,
  { secret = "whatsapp-app-secret-of-tests", number = NUMBER } = {},
) {
  const value = { metadata: { phone_number_id: number }, ...news };
  const entry = [{ changes: [{ field: "messages", value }] }];
  const body = JSON.stringify({ object: "whatsapp_business_account", entry });
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  return (headers: Fields = { "x-hub-signature-256": signature }): Promise<Answer> =>
    api.call("POST", "/webhooks/whatsapp", { body, headers });
}

/** What a client wrote by WhatsApp. */
export function whatsappText(from: string, body: string, id = `wamid.${randomUUID()}`) {
  return { messages: [{ id, from: from.replace("+", ""), timestamp: "1774612800", type: "text", text: { body } }] };
}
