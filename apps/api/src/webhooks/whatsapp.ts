import { timingSafeEqual } from "node:crypto";
import { readWhatsappInbound } from "@reminder-app/channels/whatsapp/inbound";
import { readWhatsappReceipts, verifyWhatsappSignature } from "@reminder-app/channels/whatsapp/receipt";
import { storeInbound } from "@reminder-app/core/system/store-inbound";
import { storeOwnReceipts, storeReceipts } from "@reminder-app/core/system/store-receipts";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Settings } from "@reminder-app/platform/settings";
import { enqueueEvents, enqueueHelp } from "@reminder-app/queues/enqueue";
import express, { type Request, type Response, Router } from "express";
import type { Deps } from "../http/endpoint.ts";
import { leaveToSweep } from "../http/leave-to-sweep.ts";
import { requireOwnAccount } from "./own-account.ts";

const PATH = "/webhooks/whatsapp";

/**
 * Webhooks of WhatsApp, on messages of ours and of clients: signed over the raw body, stored, then answered. Those on a
 * business's own number come to a path that names the business, signed by its own app or by ours.
 */
export function whatsappWebhook(deps: Deps, settings: Settings): Router {
  const { system, producer, log } = deps;
  const router = Router();
  const { WHATSAPP_VERIFY_TOKEN: verifyToken, WHATSAPP_PHONE_NUMBER_ID: phoneNumberId } = settings;
  const { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_APP_SECRET_OLD: oldSecret } = settings;
  const appSecrets = [appSecret, oldSecret].filter((known) => known !== undefined);
  const readRaw = express.raw({ type: () => true, limit: "3mb", inflate: false });

  async function finish(res: Response, eventIds: readonly Id<"ProviderEvent">[], helpIds: readonly string[]) {
    res.sendStatus(200);
    await Promise.all([enqueueEvents(producer, eventIds), enqueueHelp(producer, helpIds)]).catch(leaveToSweep(log));
  }

  router.get(`${PATH}/:businessId`, async (req, res) => {
    const { account } = await requireOwnAccount(deps, req, "whatsapp");
    confirm(req, res, account.verifyToken ?? verifyToken);
  });

  router.post(`${PATH}/:businessId`, readRaw, async (req, res) => {
    const { ctx, account } = await requireOwnAccount(deps, req, "whatsapp");
    const payload = verified(req, account.appSecret === undefined ? appSecrets : [account.appSecret]);
    const ids = await storeOwnReceipts(ctx, readWhatsappReceipts(payload, [account.phoneNumberId]));
    for (const message of readWhatsappInbound(payload, [account.phoneNumberId]))
      await storeInbound(system, message, ctx.businessId);
    await finish(res, ids, []);
  });

  if (appSecret === undefined || verifyToken === undefined || phoneNumberId === undefined) return router;

  router.get(PATH, (req, res) => confirm(req, res, verifyToken));

  router.post(PATH, readRaw, async (req, res) => {
    const payload = verified(req, appSecrets);
    const ids = await storeReceipts(system, readWhatsappReceipts(payload, [phoneNumberId]));
    const helpIds: string[] = [];
    for (const message of readWhatsappInbound(payload, [phoneNumberId])) {
      const stored = await storeInbound(system, message);
      if (stored?.answer === "later") helpIds.push(stored.id);
    }
    await finish(res, ids, helpIds);
  });
  return router;
}

/** Meta asks whether the address is meant to be subscribed. */
function confirm(req: Request, res: Response, verifyToken: string | undefined): void {
  const { "hub.verify_token": token, "hub.mode": mode, "hub.challenge": challenge } = req.query;
  if (verifyToken === undefined) throw new NotFoundError("Page", req.path);
  const matches = typeof token === "string" && timingSafeEqual(sha256(token), sha256(verifyToken));
  if (!matches || mode !== "subscribe") throw new AppError("signature_invalid", "The verify token does not match");
  res.type("text/plain").send(typeof challenge === "string" ? challenge : "");
}

/** The payload of a webhook that one of `appSecrets` signed. */
function verified(req: Request, appSecrets: readonly string[]): unknown {
  const rawBody: Buffer = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const signature = req.get("x-hub-signature-256") ?? "";
  if (!verifyWhatsappSignature({ appSecrets, rawBody, signature }))
    throw new AppError("signature_invalid", "The X-Hub-Signature-256 does not match");
  return parseJson(rawBody);
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    throw new AppError("malformed_request", "The body is not JSON");
  }
}
