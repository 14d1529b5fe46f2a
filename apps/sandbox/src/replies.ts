import { createHmac, randomBytes } from "node:crypto";
import { AppError } from "@reminder-app/platform/errors";
import { z } from "zod";
import type { CallbackAnswer, CallbackClient } from "./callback-client.ts";
import type { Ledger } from "./ledger.ts";
import { normaliseAddress } from "./ledger-entry.ts";
import type { TwilioAccount } from "./twilio.ts";
import { signTwilioForm } from "./twilio-receipts.ts";
import type { WhatsappNumber } from "./whatsapp-number.ts";

export const replySchema = z.strictObject({
  channel: z.enum(["sms", "whatsapp"], "must be sms or whatsapp: nobody reads answers by email"),
  from: z.string().regex(/^\+?\d{6,15}$/, "must be a number with its country code, like +442079460958"),
  text: z.string().min(1).max(1_600),
});
export type Reply = z.output<typeof replySchema>;

export interface ReplyDeps {
  readonly ledger: Ledger;
  readonly callbacks: CallbackClient;
  readonly account: TwilioAccount;
  readonly number: WhatsappNumber;
}

const DEFAULT_NUMBER = "+15005550006";

/**
 * A client writes back: the product hears of it by the provider's signed webhook. What it answers to an SMS at once goes
 * into the ledger, as Twilio would send it. Throws `validation_failed` when the product's address is not set.
 */
export async function sendReply(deps: ReplyDeps, reply: Reply): Promise<{ status: number; answer?: string }> {
  const { status, text } = await (reply.channel === "sms" ? replyBySms(deps, reply) : replyByWhatsapp(deps, reply));
  const answer = reply.channel === "sms" ? messageOf(text) : undefined;
  if (answer === undefined) return { status };
  const to = `+${normaliseAddress("sms", reply.from)}`;
  const ids = { provider: "twilio" as const, providerMessageId: `SM${randomBytes(16).toString("hex")}` };
  const entry = deps.ledger.append({ channel: "sms", to, from: numberThatWroteTo(deps, to), text: answer, ...ids });
  deps.ledger.setStatus(entry, "delivered");
  return { status, answer };
}

function replyBySms({ callbacks, account, ledger }: ReplyDeps, { from, text }: Reply): Promise<CallbackAnswer> {
  const url = configured(account.inboundUrl, "SANDBOX_TWILIO_INBOUND_URL");
  const sender = `+${normaliseAddress("sms", from)}`;
  const sid = `SM${randomBytes(16).toString("hex")}`;
  const form = {
    AccountSid: account.accountSid,
    ApiVersion: "2010-04-01",
    Body: text,
    From: sender,
    MessageSid: sid,
    NumMedia: "0",
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: "received",
    To: numberThatWroteTo({ ledger }, sender),
  };
  return callbacks.ask(url, {
    body: new URLSearchParams(form).toString(),
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": signTwilioForm(form, { url, authToken: account.authToken }),
    },
  });
}

function replyByWhatsapp({ callbacks, number }: ReplyDeps, { from, text }: Reply): Promise<CallbackAnswer> {
  const url = configured(number.callbackUrl, "SANDBOX_WHATSAPP_CALLBACK_URL");
  const sender = normaliseAddress("whatsapp", from);
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const id = `wamid.${randomBytes(16).toString("hex")}`;
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550001234", phone_number_id: number.phoneNumberId },
    contacts: [{ profile: { name: "Client" }, wa_id: sender }],
    messages: [{ from: sender, id, timestamp, type: "text", text: { body: text } }],
  };
  const changes = [{ field: "messages", value }];
  const entry = [{ id: `waba-${number.phoneNumberId}`, changes }];
  const body = JSON.stringify({ object: "whatsapp_business_account", entry });
  const signature = createHmac("sha256", number.appSecret).update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
  return callbacks.ask(url, { body, headers });
}

/** A client answers the number that wrote last. */
function numberThatWroteTo({ ledger }: Pick<ReplyDeps, "ledger">, client: string): string {
  return ledger.sentTo("sms", client).at(-1)?.from ?? DEFAULT_NUMBER;
}

function configured(url: string | undefined, setting: string): string {
  if (url !== undefined) return url;
  throw new AppError("validation_failed", `Set ${setting}: nobody would hear the answer`);
}

/** The text that TwiML wants to be sent. */
function messageOf(twiml: string): string | undefined {
  const text = /<Message>(.*?)<\/Message>/s.exec(twiml)?.[1];
  return text?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
