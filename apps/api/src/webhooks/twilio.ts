import { readTwilioInbound, twilioAnswer, twilioInboundUrl } from "@reminder-app/channels/twilio/inbound";
import { readTwilioReceipt, twilioStatusUrl, verifyTwilioSignature } from "@reminder-app/channels/twilio/receipt";
import { HELP_TEXT } from "@reminder-app/core/system/answer-help";
import { storeInbound } from "@reminder-app/core/system/store-inbound";
import { storeReceipts } from "@reminder-app/core/system/store-receipts";
import { AppError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import { enqueueEvents } from "@reminder-app/queues/enqueue";
import express, { type Request, Router } from "express";
import type { Deps } from "../http/endpoint.ts";

type Form = Readonly<Record<string, string>>;

/** Callbacks of Twilio's: signed over the address that we gave, stored, then answered. */
export function twilioWebhook({ system, producer, log }: Deps, settings: Settings): Router {
  const router = Router();
  const { TWILIO_AUTH_TOKEN: authToken, TWILIO_AUTH_TOKEN_OLD: oldToken, PUBLIC_URL: publicUrl } = settings;
  if (authToken === undefined) return router;
  const authTokens = oldToken === undefined ? [authToken] : [authToken, oldToken];
  const readForm = express.urlencoded({ extended: false, limit: "64kb", inflate: false });

  function verified(req: Request, url: string): Form {
    const params = (req.body ?? {}) as Form;
    const signature = req.get("x-twilio-signature") ?? "";
    if (verifyTwilioSignature({ authTokens, url, params, signature })) return params;
    throw new AppError("signature_invalid", "The X-Twilio-Signature does not match");
  }

  router.post("/webhooks/twilio/status/:token", readForm, async (req: Request<{ token: string }>, res) => {
    const { token } = req.params;
    const receipt = readTwilioReceipt(verified(req, twilioStatusUrl(publicUrl, token)), token);
    const ids = await storeReceipts(system, receipt ? [receipt] : []);
    res.sendStatus(204);
    await enqueueEvents(producer, ids).catch((error: unknown) =>
      log.warn({ error }, "Redis is away; the sweep takes over"),
    );
  });

  router.post("/webhooks/twilio/inbound", readForm, async (req, res) => {
    const message = readTwilioInbound(verified(req, twilioInboundUrl(publicUrl)));
    const stored = message && (await storeInbound(system, message));
    res.type("text/xml").send(twilioAnswer(stored?.answer === "now" ? HELP_TEXT : undefined));
  });
  return router;
}
