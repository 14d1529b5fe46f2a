import { timingSafeEqual } from "node:crypto";
import { storeInbound } from "@reminder-app/core/system/store-inbound";
import { storeReceipts } from "@reminder-app/core/system/store-receipts";
import { readWhatsappInbound } from "@reminder-app/channels/whatsapp/inbound";
import { readWhatsappReceipts, verifyWhatsappSignature } from "@reminder-app/channels/whatsapp/receipt";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import { enqueueEvents, enqueueHelp } from "@reminder-app/queues/enqueue";
import express, { Router } from "express";
import type { Deps } from "../http/endpoint.ts";

const PATH = "/webhooks/whatsapp";

/** Webhooks of WhatsApp, on messages of ours and of clients: signed over the raw body, stored, then answered. */
export function whatsappWebhook({ system, producer, log }: Deps, settings: Settings): Router {
  const router = Router();
  const { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_APP_SECRET_OLD: oldSecret } = settings;
  const { WHATSAPP_VERIFY_TOKEN: verifyToken, WHATSAPP_PHONE_NUMBER_ID: phoneNumberId } = settings;
  if (appSecret === undefined || verifyToken === undefined || phoneNumberId === undefined) return router;
  const appSecrets = oldSecret === undefined ? [appSecret] : [appSecret, oldSecret];

  router.get(PATH, (req, res) => {
    const { "hub.verify_token": token, "hub.mode": mode, "hub.challenge": challenge } = req.query;
    const matches = typeof token === "string" && timingSafeEqual(sha256(token), sha256(verifyToken));
    if (!matches || mode !== "subscribe") throw new AppError("signature_invalid", "The verify token does not match");
    res.type("text/plain").send(typeof challenge === "string" ? challenge : "");
  });

  router.post(PATH, express.raw({ type: () => true, limit: "3mb", inflate: false }), async (req, res) => {
    const rawBody: Buffer = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const signature = req.get("x-hub-signature-256") ?? "";
    if (!verifyWhatsappSignature({ appSecrets, rawBody, signature })) {
      throw new AppError("signature_invalid", "The X-Hub-Signature-256 does not match");
    }
    const payload = parseJson(rawBody);
    const ids = await storeReceipts(system, readWhatsappReceipts(payload, [phoneNumberId]));
    const helpIds: string[] = [];
    for (const message of readWhatsappInbound(payload, [phoneNumberId])) {
      const stored = await storeInbound(system, message);
      if (stored?.answer === "later") helpIds.push(stored.id);
    }
    res.sendStatus(200);
    await Promise.all([enqueueEvents(producer, ids), enqueueHelp(producer, helpIds)]).catch((error: unknown) =>
      log.warn({ error }, "Redis is away; the sweep takes over"),
    );
  });
  return router;
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    throw new AppError("malformed_request", "The body is not JSON");
  }
}
