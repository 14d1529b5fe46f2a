import type { Channel } from "../channel.ts";
import { createHttpProvider, neverLeft } from "../http-provider.ts";
import { classifyWhatsappReply } from "./classify.ts";

interface WhatsappOptions {
  readonly token: string;
  readonly phoneNumberId: string;
  /** Address of the Cloud API with its version, such as https://graph.facebook.com/v23.0. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
}

/** WhatsApp through Meta's Cloud API. What became of a message is told by webhook only, under the attempt's token. */
export function createWhatsappChannel({ token, phoneNumberId, baseUrl, timeoutMs }: WhatsappOptions): Channel {
  const base = new URL(baseUrl);
  const http = createHttpProvider({ origin: base.origin, timeoutMs });
  const path = `${base.pathname.replace(/\/+$/, "")}/${encodeURIComponent(phoneNumberId)}/messages`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "application/json" };

  return {
    kind: "whatsapp",
    provider: "whatsapp",
    unknownPolicy: "await_webhook",

    async send(message, signal) {
      const body = JSON.stringify({
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: message.to,
        type: "text",
        text: { preview_url: false, body: message.content.text },
        biz_opaque_callback_data: message.token,
      });
      try {
        return classifyWhatsappReply(await http.call({ method: "POST", path, headers, body }, signal));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return neverLeft(error) ? { kind: "throttled", code: "unreachable", reason } : { kind: "ambiguous", reason };
      }
    },

    close: () => http.close(),
  };
}
