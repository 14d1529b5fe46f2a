import { z } from "zod";
import { addressSchemas } from "../addresses.ts";
import type { InboundMessage } from "../channel.ts";

const INBOUND_PATH = "/webhooks/twilio/inbound";

/** Where Twilio sends what clients write to our number. The API serves this path, and verifies signatures over this URL. */
export function twilioInboundUrl(publicUrl: string): string {
  return `${publicUrl.replace(/\/+$/, "")}${INBOUND_PATH}`;
}

const inboundReport = z.object({
  AccountSid: z.string().min(1).max(64),
  MessageSid: z.string().min(1).max(64),
  From: addressSchemas.sms,
  Body: z.string().default(""),
  /** Twilio's own handling of opt-outs took it as a keyword and has answered it. */
  OptOutType: z.enum(["STOP", "START", "HELP"]).optional().catch(undefined),
});

const takenAs = { STOP: "stop", START: "start", HELP: "help" } as const;

/** The message in a verified callback; undefined when it is from no telephone number that a contact could have. */
export function readTwilioInbound(params: unknown): InboundMessage | undefined {
  const report = inboundReport.safeParse(params);
  if (!report.success) return undefined;
  const { AccountSid, MessageSid, From, Body, OptOutType } = report.data;
  return {
    provider: "twilio",
    account: AccountSid,
    eventKey: MessageSid,
    channel: "sms",
    from: From,
    text: Body,
    ...(OptOutType && { takenAs: takenAs[OptOutType] }),
  };
}

const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** What Twilio shall do about a message, in TwiML: nothing, or answer with `text`. */
export function twilioAnswer(text?: string): string {
  if (text === undefined) return EMPTY;
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return EMPTY.replace("<Response/>", () => `<Response><Message>${escaped}</Message></Response>`);
}
