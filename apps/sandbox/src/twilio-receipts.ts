import { createHmac } from "node:crypto";
import type { CallbackClient } from "./callback-client.ts";
import type { LedgerEntry } from "./ledger-entry.ts";
import type { ReceiptSender } from "./receipts.ts";

interface Deps {
  readonly account: { readonly accountSid: string; readonly authToken: string };
  readonly callbacks: CallbackClient;
}

/** Twilio gives up on a callback after 15 s: these are the waits between its tries. */
const GAPS_MS = [1_000, 2_000, 4_000, 8_000];

export function createTwilioReceiptSender(
  deps: Deps,
  target: { entry: LedgerEntry; callbackUrl: string },
): ReceiptSender {
  const { entry, callbackUrl } = target;
  return {
    async post(status) {
      const form = {
        AccountSid: deps.account.accountSid,
        ApiVersion: "2010-04-01",
        From: entry.from,
        MessageSid: entry.providerMessageId,
        MessageStatus: status,
        SmsSid: entry.providerMessageId,
        SmsStatus: status,
        To: entry.to,
        ...(status === "undelivered" && { ErrorCode: "30005" }),
      };
      const answer = await deps.callbacks.post(callbackUrl, {
        body: new URLSearchParams(form).toString(),
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "user-agent": "TwilioProxy/1.1",
          "x-twilio-signature": signTwilioForm(form, { url: callbackUrl, authToken: deps.account.authToken }),
        },
      });
      return answer !== 0 && answer < 500;
    },
    retryAfterMs: (number) => GAPS_MS[number - 1],
  };
}

/** `X-Twilio-Signature` of a form that is posted to `url`. */
export function signTwilioForm(
  form: Readonly<Record<string, string>>,
  { url, authToken }: { url: string; authToken: string },
): string {
  const fields = Object.entries(form).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHmac("sha1", authToken)
    .update(url + fields.flat().join(""))
    .digest("base64");
}
