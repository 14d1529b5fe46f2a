import { timingSafeEqual } from "node:crypto";
import { storeReceipts } from "@reminder-app/core/system/store-receipts";
import { readWhatsappReceipts, verifyWhatsappSignature } from "@reminder-app/channels/whatsapp/receipt";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import { enqueueEvents } from "@reminder-app/queues/enqueue";
import express, { Router } from "express";
import type { Deps } from "../http/endpoint.ts";

const PATH = "/webhooks/whatsapp";

/** Status webhooks of WhatsApp: signed over the raw body, stored, then answered. */
export function whatsappWebhook({ system, producer, log }: Deps, settings: Settings): Router {
  const router = Router();
  const { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken } = settings;
  if (appSecret === undefined || verifyToken === undefined) return router;

  router.get(PATH, (req, res) => {
    const { "hub.verify_token": token, "hub.mode": mode, "hub.challenge": challenge } = req.query;
    const matches = typeof token === "string" && timingSafeEqual(sha256(token), sha256(verifyToken));
    if (!matches || mode !== "subscribe") throw new AppError("signature_invalid", "The verify token does not match");
    res.type("text/plain").send(typeof challenge === "string" ? challenge : "");
  });

  router.post(PATH, express.raw({ type: () => true, limit: "3mb", inflate: false }), async (req, res) => {
    const rawBody: Buffer = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
    const signature = req.get("x-hub-signature-256") ?? "";
    if (!verifyWhatsappSignature({ appSecrets: [appSecret], rawBody, signature })) {
      throw new AppError("signature_invalid", "The X-Hub-Signature-256 does not match");
    }
    const ids = await storeReceipts(system, readWhatsappReceipts(parseJson(rawBody)));
    res.sendStatus(200);
    await enqueueEvents(producer, ids).catch((error: unknown) =>
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
