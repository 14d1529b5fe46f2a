import { storeReceipts } from "@reminder-app/core/system/store-receipts";
import { readTwilioReceipt, twilioStatusUrl, verifyTwilioSignature } from "@reminder-app/channels/twilio/receipt";
import { AppError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import { enqueueEvents } from "@reminder-app/queues/enqueue";
import express, { Router } from "express";
import type { Deps } from "../http/endpoint.ts";

/** Status callbacks of SMS: signed over the address that we gave, stored, then answered. */
export function twilioWebhook({ system, producer, log }: Deps, settings: Settings): Router {
  const router = Router();
  const authToken = settings.TWILIO_AUTH_TOKEN;
  if (authToken === undefined) return router;

  router.post(
    "/webhooks/twilio/status/:token",
    express.urlencoded({ extended: false, limit: "64kb", inflate: false }),
    async (req, res) => {
      const { token } = req.params;
      const params = (req.body ?? {}) as Record<string, string>;
      const signature = req.get("x-twilio-signature") ?? "";
      if (
        !verifyTwilioSignature({
          authTokens: [authToken],
          url: twilioStatusUrl(settings.PUBLIC_URL, token),
          params,
          signature,
        })
      ) {
        throw new AppError("signature_invalid", "The X-Twilio-Signature does not match");
      }
      const receipt = readTwilioReceipt(params, token);
      const ids = await storeReceipts(system, receipt ? [receipt] : []);
      res.sendStatus(204);
      await enqueueEvents(producer, ids).catch((error: unknown) =>
        log.warn({ error }, "Redis is away; the sweep takes over"),
      );
    },
  );
  return router;
}
