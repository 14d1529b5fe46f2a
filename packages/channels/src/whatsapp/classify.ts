import { z } from "zod";
import type { SendResult } from "../channel.ts";
import type { HttpReply } from "../http-provider.ts";
import { parseJsonObject } from "../parse-json.ts";
import { retryAtOf } from "../retry-after.ts";

/** About this message whatever the status: not on WhatsApp; more than 24 hours since the client last wrote. */
const REFUSING_CODES: ReadonlySet<number> = new Set([131026, 131047]);

/** Pass by themselves or once someone mends them, also as a 400: rates, the token, permissions, billing, maintenance. */
const PASSING_CODES: ReadonlySet<number> = new Set([
  3, 4, 10, 190, 80007, 130429, 131005, 131042, 131048, 131056, 131057, 133010, 133016,
]);

const sentBody = z.object({ messages: z.tuple([z.object({ id: z.string().min(1) })], z.unknown()) });

const faultBody = z.object({
  error: z.object({
    code: z.int(),
    message: z.string(),
    error_data: z.object({ details: z.string().optional() }).optional(),
  }),
});

/** What an answer of the Cloud API's means for the message. */
export function classifyWhatsappReply({ status, headers, body }: HttpReply): SendResult {
  const json = parseJsonObject(body);
  if (status >= 200 && status < 300) {
    const sent = sentBody.safeParse(json);
    return sent.success
      ? { kind: "accepted", providerMessageId: sent.data.messages[0].id }
      : { kind: "ambiguous", reason: `WhatsApp answered ${status} without the message's id` };
  }

  const fault = faultBody.safeParse(json).data?.error;
  const reason = fault?.error_data?.details ?? fault?.message ?? `WhatsApp answered with status ${status}`;
  if (status < 400 || status >= 500) return { kind: "ambiguous", reason };

  const code = `whatsapp/${fault?.code ?? status}`;
  return fault && isAboutMessage(status, fault.code)
    ? { kind: "refused", code, reason }
    : { kind: "throttled", code, reason, ...retryAtOf(headers) };
}

function isAboutMessage(status: number, code: number): boolean {
  return REFUSING_CODES.has(code) || (status === 400 && !PASSING_CODES.has(code));
}
