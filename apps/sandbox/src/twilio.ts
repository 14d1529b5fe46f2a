import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody, type Exchange, sendJson } from "./http-exchange.ts";
import type { Route } from "./http-server.ts";
import type { Ledger } from "./ledger.ts";
import type { LedgerEntry } from "./ledger-entry.ts";
import type { Decision } from "./outcomes.ts";
import { startReceipts } from "./receipts.ts";
import type { Scripts } from "./scripts.ts";
import type { Timers } from "./timers.ts";
import type { CallbackClient } from "./callback-client.ts";
import { listMessages, presentMessage } from "./twilio-messages.ts";
import { createTwilioReceiptSender } from "./twilio-receipts.ts";

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken: string;
  /** Where what clients answer goes; nowhere without it. */
  readonly inboundUrl?: string | undefined;
}

export interface TwilioDeps {
  readonly account: TwilioAccount;
  readonly ledger: Ledger;
  readonly scripts: Scripts;
  readonly timers: Timers;
  readonly callbacks: CallbackClient;
}

const base = String.raw`/2010-04-01/Accounts/(?<account>[^/]+)/Messages`;

/** Twilio's Messages resource: create, read, list. */
export function twilioRoutes(deps: TwilioDeps): readonly Route[] {
  const guarded =
    (handle: Route["handle"]): Route["handle"] =>
    (exchange) =>
      isAuthentic(exchange, deps.account)
        ? handle(exchange)
        : sendTwilioError(exchange.res, { status: 401, code: 20003, message: "Authenticate" });

  return [
    { method: "POST", path: new RegExp(`^${base}\\.json$`), handle: guarded((exchange) => createMessage(deps, exchange)) },
    { method: "GET", path: new RegExp(`^${base}\\.json$`), handle: guarded(({ url, res }) => sendJson(res, { body: listMessages(deps, url) })) },
    { method: "GET", path: new RegExp(`^${base}/(?<sid>[^/.]+)\\.json$`), handle: guarded((exchange) => getMessage(deps, exchange)) },
  ]; // prettier-ignore
}

async function createMessage(deps: TwilioDeps, { req, res }: Exchange): Promise<void> {
  const form = new URLSearchParams(await readBody(req));
  const fault = faultIn(form);
  if (fault) return sendTwilioError(res, { status: 400, ...fault });

  const decision = deps.scripts.decide("sms", form.get("To") ?? "");
  switch (decision.outcome) {
    case "refuse":
      return sendTwilioError(res, {
        status: 400,
        code: Number(decision.code ?? 21211),
        message: `Invalid 'To' Phone Number: ${form.get("To") ?? ""}`,
      });
    case "refuse_for_now":
      return sendTwilioError(res, { status: 429, code: 21611, message: "The queue of this 'From' number is full" });
    case "throttle":
      res.setHeader("retry-after", decision.retryAfterSeconds);
      return sendTwilioError(res, { status: 429, code: 20429, message: "Too many requests" });
    case "server_error":
      return sendTwilioError(res, { status: 500, code: 20500, message: "Internal server error" });
    case "hang":
      return deps.timers.after(decision.hangMs, () => res.destroy());
    case "drop_before":
      req.socket.destroy();
      return;
    case "accept_then_drop":
      accept(deps, { form, decision });
      req.socket.destroy();
      return;
    case "accept":
      sendJson(res, { status: 201, body: presentMessage(accept(deps, { form, decision }), deps.account.accountSid) });
  }
}

function accept(deps: TwilioDeps, { form, decision }: { form: URLSearchParams; decision: Decision }): LedgerEntry {
  const callbackUrl = form.get("StatusCallback");
  const token = callbackUrl === null ? undefined : new URL(callbackUrl).pathname.split("/").at(-1);
  const entry = deps.ledger.append({
    channel: "sms",
    provider: "twilio",
    to: form.get("To") ?? "",
    from: form.get("From") ?? form.get("MessagingServiceSid") ?? "",
    providerMessageId: `SM${randomBytes(16).toString("hex")}`,
    ...(token !== undefined && { token }),
    text: form.get("Body") ?? "",
  });
  startReceipts(deps, {
    entry,
    decision,
    statuses: statusesUntil(decision.final),
    sender: callbackUrl === null ? undefined : createTwilioReceiptSender(deps, { entry, callbackUrl }),
  });
  return entry;
}

function statusesUntil(final: Decision["final"]) {
  if (final === "sent") return ["queued", "sent"] as const;
  return ["queued", "sent", final === "undelivered" ? "undelivered" : "delivered"] as const;
}

function getMessage({ ledger, account }: TwilioDeps, { res, params }: Exchange): void {
  const entry = ledger.find(params["sid"] ?? "");
  if (!entry)
    return sendTwilioError(res, { status: 404, code: 20404, message: "The requested resource was not found" });
  sendJson(res, { body: presentMessage(entry, account.accountSid) });
}

function faultIn(form: URLSearchParams): { code: number; message: string } | undefined {
  const callbackUrl = form.get("StatusCallback");
  if (!form.get("To")) return { code: 21604, message: "A 'To' phone number is required." };
  if (!form.get("From") && !form.get("MessagingServiceSid"))
    return { code: 21603, message: "A 'From' phone number is required." };
  if (!form.get("Body")) return { code: 21602, message: "Message body is required." };
  if (callbackUrl !== null && !URL.canParse(callbackUrl))
    return { code: 21609, message: "The 'StatusCallback' URL is not a valid URL." };
  return undefined;
}

function sendTwilioError(
  res: ServerResponse,
  { status, code, message }: { status: number; code: number; message: string },
): void {
  sendJson(res, { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } });
}

function isAuthentic(
  { req, params }: { req: IncomingMessage; params: Exchange["params"] },
  account: TwilioAccount,
): boolean {
  const expected = Buffer.from(`Basic ${Buffer.from(`${account.accountSid}:${account.authToken}`).toString("base64")}`);
  const given = Buffer.from(req.headers.authorization ?? "");
  return (
    params["account"] === account.accountSid && given.length === expected.length && timingSafeEqual(given, expected)
  );
}
