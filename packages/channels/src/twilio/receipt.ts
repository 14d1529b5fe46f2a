import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Receipt, ReceiptStatus } from "../channel.ts";

const STATUS_PATH = "/webhooks/twilio/status/";

/** Where Twilio reports on the attempt named by `token`. The API serves this path, and verifies signatures over this URL. */
export function twilioStatusUrl(publicUrl: string, token: string): string {
  return `${publicUrl.replace(/\/+$/, "")}${STATUS_PATH}${encodeURIComponent(token)}`;
}

/**
 * Whether one of `authTokens` made `signature` (the header `X-Twilio-Signature`) for a form post to `url`.
 * `url` is the configured public one: what the request itself says about its host can be forged.
 */
export function verifyTwilioSignature(options: {
  authTokens: readonly string[];
  url: string;
  params: Readonly<Record<string, string>>;
  signature: string | undefined;
}): boolean {
  const { authTokens, url, params, signature = "" } = options;
  const given = Buffer.from(signature, "base64");
  const signed = Object.keys(params)
    .sort()
    .reduce((text, name) => `${text}${name}${params[name]}`, url);
  return authTokens.some((authToken) => {
    const expected = createHmac("sha1", authToken).update(signed, "utf8").digest();
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

const statusReport = z.object({
  AccountSid: z.string().min(1).max(64),
  MessageSid: z.string().min(1).max(64),
  MessageStatus: z.string().max(32),
  ErrorCode: z.string().max(16).optional(),
  ErrorMessage: z.string().max(1_000).optional(),
});

const statusOf: Readonly<Record<string, ReceiptStatus>> = {
  accepted: "accepted",
  queued: "accepted",
  sending: "accepted",
  sent: "accepted",
  delivered: "delivered",
  read: "read",
  undelivered: "undelivered",
  failed: "undelivered",
  canceled: "undelivered",
};

/**
 * The receipt in a verified status callback; undefined when it says nothing that we use.
 * `token` is the one in the callback's URL.
 */
export function readTwilioReceipt(params: unknown, token: string): Receipt | undefined {
  const report = statusReport.safeParse(params);
  if (!report.success) return undefined;
  const { AccountSid, MessageSid, MessageStatus, ErrorCode, ErrorMessage } = report.data;
  const status = Object.hasOwn(statusOf, MessageStatus) ? statusOf[MessageStatus] : undefined;
  if (!status) return undefined;

  return {
    provider: "twilio",
    account: AccountSid,
    eventKey: `${MessageSid}:${MessageStatus}`,
    token,
    providerMessageId: MessageSid,
    status,
    ...(status === "undelivered" && { code: `twilio/${ErrorCode || MessageStatus}` }),
    ...(status === "undelivered" && ErrorMessage && { reason: ErrorMessage }),
  };
}
