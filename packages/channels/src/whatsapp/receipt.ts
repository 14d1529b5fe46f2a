import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Receipt, ReceiptStatus } from "../channel.ts";
import { parseAs, readWhatsappWebhook } from "./webhook.ts";

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/** Whether one of `appSecrets` made `signature` (the header `X-Hub-Signature-256`) for the body as it was received. */
export function verifyWhatsappSignature(options: {
  appSecrets: readonly string[];
  rawBody: Buffer;
  signature: string | undefined;
}): boolean {
  const hex = SIGNATURE.exec(options.signature ?? "")?.[1];
  if (!hex) return false;
  const given = Buffer.from(hex, "hex");
  return options.appSecrets.some((secret) =>
    timingSafeEqual(given, createHmac("sha256", secret).update(options.rawBody).digest()),
  );
}

const statusReport = z.object({
  id: z.string().min(1).max(256),
  status: z.string().max(32),
  biz_opaque_callback_data: z.string().max(512).optional(),
  errors: z
    .array(
      z.object({
        code: z.int(),
        title: z.string().optional(),
        error_data: z.object({ details: z.string().optional() }).optional(),
      }),
    )
    .optional(),
});
type StatusReport = z.output<typeof statusReport>;

const statusOf: Readonly<Record<string, ReceiptStatus>> = {
  sent: "accepted",
  delivered: "delivered",
  read: "read",
  failed: "undelivered",
};

/** The receipts of our numbers in a verified webhook. Throws `malformed_request` when it is not of WhatsApp's form. */
export function readWhatsappReceipts(payload: unknown, phoneNumberIds: readonly string[]): Receipt[] {
  return readWhatsappWebhook(payload, phoneNumberIds).flatMap(({ metadata, statuses }) =>
    statuses.flatMap((status) => toReceipt(parseAs(statusReport, status), metadata.phone_number_id)),
  );
}

function toReceipt(report: StatusReport, account: string): Receipt[] {
  const status = Object.hasOwn(statusOf, report.status) ? statusOf[report.status] : undefined;
  if (!status) return [];
  const fault = report.errors?.[0];
  const reason = fault?.error_data?.details ?? fault?.title;
  return [
    {
      provider: "whatsapp",
      account,
      eventKey: `${report.id}:${report.status}`,
      ...(report.biz_opaque_callback_data && { token: report.biz_opaque_callback_data }),
      providerMessageId: report.id,
      status,
      ...(status === "undelivered" && { code: `whatsapp/${fault?.code ?? report.status}` }),
      ...(status === "undelivered" && reason && { reason }),
    },
  ];
}
