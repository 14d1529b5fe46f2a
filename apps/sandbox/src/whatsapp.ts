import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { z } from "zod";
import type { CallbackClient } from "./callback-client.ts";
import { readBody, type Exchange, sendJson } from "./http-exchange.ts";
import type { Route } from "./http-server.ts";
import type { Ledger } from "./ledger.ts";
import { type LedgerEntry, type MessageStatus, normaliseAddress } from "./ledger-entry.ts";
import type { Decision } from "./outcomes.ts";
import { startReceipts } from "./receipts.ts";
import type { Scripts } from "./scripts.ts";
import type { Timers } from "./timers.ts";
import type { WhatsappNumber } from "./whatsapp-number.ts";
import { createWhatsappReceiptSender } from "./whatsapp-receipts.ts";
import { textOfMessage, whatsappMessageSchema } from "./whatsapp-message.ts";

export interface WhatsappDeps {
  readonly number: WhatsappNumber;
  readonly ledger: Ledger;
  readonly scripts: Scripts;
  readonly timers: Timers;
  readonly callbacks: CallbackClient;
}

type Message = z.output<typeof whatsappMessageSchema>;

/** The Cloud API's messages edge, under any version. */
export function whatsappRoutes(deps: WhatsappDeps): readonly Route[] {
  return [
    {
      method: "POST",
      path: /^\/v\d+\.\d+\/(?<phoneNumberId>[^/]+)\/messages$/,
      handle: (exchange) => createMessage(deps, exchange),
    },
  ];
}

const refusals = {
  refuse: { status: 400, code: 131026, message: "Message undeliverable" },
  refuse_for_now: { status: 400, code: 131056, message: "Pair rate limit hit" },
  throttle: { status: 429, code: 130429, message: "Rate limit hit" },
  server_error: { status: 500, code: 131000, message: "Something went wrong" },
} as const;

async function createMessage(deps: WhatsappDeps, { req, res, params }: Exchange): Promise<void> {
  if (!/^Bearer \S+/.test(req.headers.authorization ?? "")) {
    return sendMetaError(res, { status: 401, code: 190, message: "Invalid OAuth access token" });
  }
  if (params["phoneNumberId"] !== deps.number.phoneNumberId) {
    return sendMetaError(res, { status: 400, code: 100, message: "Object with this ID does not exist" });
  }
  const parsed = whatsappMessageSchema.safeParse(jsonOf(await readBody(req)));
  if (!parsed.success)
    return sendMetaError(res, {
      status: 400,
      code: 100,
      message: `Invalid parameter: ${z.prettifyError(parsed.error)}`,
    });

  const message = parsed.data;
  const decision = deps.scripts.decide("whatsapp", message.to);
  switch (decision.outcome) {
    case "refuse":
      return sendMetaError(res, {
        ...refusals.refuse,
        code: Number(decision.code ?? refusals.refuse.code),
        message: `${refusals.refuse.message} to ${message.to}`,
      });
    case "refuse_for_now":
    case "server_error":
      return sendMetaError(res, refusals[decision.outcome]);
    case "throttle":
      res.setHeader("retry-after", decision.retryAfterSeconds);
      return sendMetaError(res, refusals.throttle);
    case "hang":
      return deps.timers.after(decision.hangMs, () => res.destroy());
    case "drop_before":
      req.socket.destroy();
      return;
    case "accept_then_drop":
      accept(deps, { message, decision });
      req.socket.destroy();
      return;
    case "accept": {
      const { providerMessageId: id } = accept(deps, { message, decision });
      const contacts = [{ input: message.to, wa_id: normaliseAddress("whatsapp", message.to) }];
      sendJson(res, { body: { messaging_product: "whatsapp", contacts, messages: [{ id }] } });
    }
  }
}

function accept(deps: WhatsappDeps, { message, decision }: { message: Message; decision: Decision }): LedgerEntry {
  const token = message.biz_opaque_callback_data;
  const entry = deps.ledger.append({
    channel: "whatsapp",
    provider: "whatsapp",
    to: message.to,
    from: deps.number.phoneNumberId,
    providerMessageId: `wamid.${randomBytes(30).toString("base64")}`,
    ...(token !== undefined && { token }),
    text: textOfMessage(message),
  });
  startReceipts(deps, {
    entry,
    decision,
    statuses: statusesUntil(decision.final),
    sender: createWhatsappReceiptSender(deps, entry),
  });
  return entry;
}

function statusesUntil(final: Decision["final"]): readonly MessageStatus[] {
  if (final === "undelivered") return ["sent", "failed"];
  const all = ["sent", "delivered", "read"] as const;
  return all.slice(0, all.indexOf(final ?? "read") + 1);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendMetaError(
  res: ServerResponse,
  { status, code, message }: { status: number; code: number; message: string },
): void {
  const error = {
    message: `(#${code}) ${message}`,
    type: "OAuthException",
    code,
    error_data: { messaging_product: "whatsapp", details: message },
    fbtrace_id: randomBytes(8).toString("hex"),
  };
  sendJson(res, { status, body: { error } });
}
