import { createHmac, timingSafeEqual } from "node:crypto";
import { AppError } from "@reminder-app/platform/errors";
import { z } from "zod";
import type { Receipt, ReceiptStatus } from "../channel.ts";

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

const messagesValue = z.object({
  metadata: z.object({ phone_number_id: z.string().min(1).max(64) }),
  statuses: z.array(statusReport).optional(),
});

const webhook = z.object({
  object: z.literal("whatsapp_business_account"),
  entry: z.array(z.object({ changes: z.array(z.object({ field: z.string(), value: z.unknown() })) })),
});

const statusOf: Readonly<Record<string, ReceiptStatus>> = {
  sent: "accepted",
  delivered: "delivered",
  read: "read",
  failed: "undelivered",
};

/**
 * The receipts in a verified webhook; what clients write and kinds we do not know are left out.
 * Throws `malformed_request` when it is not of WhatsApp's form.
 */
export function readWhatsappReceipts(payload: unknown): Receipt[] {
  const { entry } = parseAs(webhook, payload);
  return entry
    .flatMap(({ changes }) => changes)
    .filter(({ field }) => field === "messages")
    .flatMap(({ value }) => {
      const { metadata, statuses = [] } = parseAs(messagesValue, value);
      return statuses.flatMap((report) => toReceipt(report, metadata.phone_number_id));
    });
}

function parseAs<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new AppError("malformed_request", "This is not a webhook of WhatsApp's", { cause: parsed.error });
  }
  return parsed.data;
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
