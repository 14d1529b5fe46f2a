import { createHmac } from "node:crypto";
import type { CallbackClient } from "./callback-client.ts";
import { type LedgerEntry, type MessageStatus, normaliseAddress } from "./ledger-entry.ts";
import type { ReceiptSender } from "./receipts.ts";
import type { WhatsappNumber } from "./whatsapp-number.ts";

interface Deps {
  readonly number: WhatsappNumber;
  readonly callbacks: CallbackClient;
}

const FIRST_GAP_MS = 1_000;
const LONGEST_GAP_MS = 600_000;
const GIVE_UP_AFTER_MS = 7 * 24 * 3_600_000;

/** Meta repeats a webhook with growing gaps for up to 7 days, until it is answered with 200. */
export function createWhatsappReceiptSender(deps: Deps, entry: LedgerEntry): ReceiptSender | undefined {
  const { callbackUrl, appSecret, phoneNumberId } = deps.number;
  if (callbackUrl === undefined) return undefined;
  let waitedMs = 0;
  return {
    async post(status) {
      const body = JSON.stringify(webhook(entry, { status, phoneNumberId }));
      const signature = createHmac("sha256", appSecret).update(body).digest("hex");
      const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
      return (await deps.callbacks.post(callbackUrl, { body, headers })) === 200;
    },
    retryAfterMs(number) {
      const waitMs = Math.min(LONGEST_GAP_MS, FIRST_GAP_MS * 2 ** (number - 1));
      waitedMs += waitMs;
      return waitedMs > GIVE_UP_AFTER_MS ? undefined : waitMs;
    },
  };
}

function webhook(entry: LedgerEntry, { status, phoneNumberId }: { status: MessageStatus; phoneNumberId: string }) {
  const report = {
    id: entry.providerMessageId,
    status,
    timestamp: String(Math.floor(Date.now() / 1_000)),
    recipient_id: normaliseAddress("whatsapp", entry.to),
    ...(entry.token !== undefined && { biz_opaque_callback_data: entry.token }),
    ...(status === "failed" && {
      errors: [{ code: 131026, title: "Message undeliverable", message: "Message undeliverable" }],
    }),
  };
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number: "15550001234", phone_number_id: phoneNumberId },
    statuses: [report],
  };
  return {
    object: "whatsapp_business_account",
    entry: [{ id: `waba-${phoneNumberId}`, changes: [{ field: "messages", value }] }],
  };
}
