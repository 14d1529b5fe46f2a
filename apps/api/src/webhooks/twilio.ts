import { readTwilioInbound, twilioAnswer, twilioInboundUrl } from "@reminder-app/channels/twilio/inbound";
import { readTwilioReceipt, twilioStatusUrl, verifyTwilioSignature } from "@reminder-app/channels/twilio/receipt";
import { actFor } from "@reminder-app/core/ctx";
import { HELP_TEXT } from "@reminder-app/core/system/answer-help";
import { businessOfAttempt } from "@reminder-app/core/system/provider-events.repo";
import { type StoredInbound, storeInbound } from "@reminder-app/core/system/store-inbound";
import { storeOwnReceipts, storeReceipts } from "@reminder-app/core/system/store-receipts";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Settings } from "@reminder-app/platform/settings";
import { enqueueEvents } from "@reminder-app/queues/enqueue";
import express, { type Request, type Response, Router } from "express";
import type { Deps } from "../http/endpoint.ts";
import { leaveToSweep } from "../http/leave-to-sweep.ts";
import { isUuid, ownAccount, requireOwnAccount } from "./own-account.ts";
import { ownTwilioInboundUrl } from "./own-urls.ts";

type Form = Readonly<Record<string, string>>;
type StatusRequest = Request<{ token: string }>;

/** Callbacks of Twilio's: signed over the address that we gave, stored, then answered. */
export function twilioWebhook(deps: Deps, settings: Settings): Router {
  const { system, producer, log } = deps;
  const router = Router();
  const { TWILIO_AUTH_TOKEN: token, TWILIO_AUTH_TOKEN_OLD: oldToken, PUBLIC_URL: publicUrl } = settings;
  const authTokens = [token, oldToken].filter((known) => known !== undefined);
  const readForm = express.urlencoded({ extended: false, limit: "64kb", inflate: false });

  router.post("/webhooks/twilio/status/:token", readForm, async (req: StatusRequest, res) => {
    const { token: attempt } = req.params;
    const isOurs = isSigned(req, twilioStatusUrl(publicUrl, attempt), authTokens);
    const ids = isOurs
      ? await storeReceipts(system, receiptsOf(req))
      : await storeOwn(req, twilioStatusUrl(publicUrl, attempt));
    res.sendStatus(204);
    await enqueueEvents(producer, ids).catch(leaveToSweep(log));
  });

  /** By the account of the business whose message it is about, if that has one. */
  async function storeOwn(req: StatusRequest, url: string): Promise<Id<"ProviderEvent">[]> {
    const { token: attempt } = req.params;
    const businessId = isUuid(attempt) ? await businessOfAttempt(system.db, attempt as Id<"Attempt">) : undefined;
    const ctx = businessId && actFor(system, businessId, "webhook");
    const account = ctx && (await ownAccount(ctx, "twilio"));
    if (!account && authTokens.length === 0) throw new NotFoundError("Page", req.path);
    if (!ctx || !account || !isSigned(req, url, [account.authToken])) throw notSigned();
    return storeOwnReceipts(
      ctx,
      receiptsOf(req).filter((receipt) => receipt.account === account.accountSid),
    );
  }

  router.post("/webhooks/twilio/inbound", readForm, async (req, res) => {
    if (authTokens.length === 0) throw new NotFoundError("Page", req.path);
    if (!isSigned(req, twilioInboundUrl(publicUrl), authTokens)) throw notSigned();
    const message = readTwilioInbound(formOf(req));
    answer(res, message && (await storeInbound(system, message)));
  });

  router.post("/webhooks/twilio/inbound/:businessId", readForm, async (req, res) => {
    const { ctx, account } = await requireOwnAccount(deps, req, "twilio");
    const { businessId } = ctx;
    if (!isSigned(req, ownTwilioInboundUrl(publicUrl, businessId), [account.authToken])) throw notSigned();
    const message = readTwilioInbound(formOf(req));
    const isTheirs = message?.account === account.accountSid;
    answer(res, isTheirs ? await storeInbound(system, message, businessId) : undefined);
  });
  return router;
}

const formOf = (req: Pick<Request, "body">) => (req.body ?? {}) as Form;

function isSigned(req: Pick<Request, "body" | "get">, url: string, authTokens: readonly string[]): boolean {
  const signature = req.get("x-twilio-signature") ?? "";
  return verifyTwilioSignature({ authTokens, url, params: formOf(req), signature });
}

function receiptsOf(req: StatusRequest) {
  const receipt = readTwilioReceipt(formOf(req), req.params.token);
  return receipt ? [receipt] : [];
}

function answer(res: Response, stored: StoredInbound | undefined): void {
  res.type("text/xml").send(twilioAnswer(stored?.answer === "now" ? HELP_TEXT : undefined));
}

function notSigned(): AppError {
  return new AppError("signature_invalid", "The X-Twilio-Signature does not match");
}
