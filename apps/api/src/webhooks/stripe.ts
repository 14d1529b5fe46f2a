import { type Ctx, actFor } from "@reminder-app/core/ctx";
import { storePaymentEvent } from "@reminder-app/core/payments/store-payment-event";
import { findWebhookSecrets } from "@reminder-app/core/payments/webhook-secrets";
import { overduePaymentRepo } from "@reminder-app/core/system/overdue-payments.repo";
import type { ProviderEvent } from "@reminder-app/payments/gateway";
import { readStripeEvent } from "@reminder-app/payments/stripe/event";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Settings } from "@reminder-app/platform/settings";
import { enqueuePaymentEvents } from "@reminder-app/queues/enqueue";
import express, { type Request, type Response, Router } from "express";
import type { Deps } from "../http/endpoint.ts";
import { leaveToSweep } from "../http/leave-to-sweep.ts";
import { isUuid } from "./own-account.ts";

const PATH = "/webhooks/stripe";

/**
 * Stripe's webhooks: signed over the raw body, stored, then answered. Those of accounts under the platform name their
 * account; those of a business's own account come to a path that names the business, signed with its own secret.
 */
export function stripeWebhook(deps: Deps, settings: Settings): Router {
  const { system, producer, log } = deps;
  const { STRIPE_WEBHOOK_SECRET: secret, STRIPE_WEBHOOK_SECRET_OLD: oldSecret } = settings;
  const platformSecrets = [secret, oldSecret].filter((known) => known !== undefined);
  const readRaw = express.raw({ type: () => true, limit: "1mb", inflate: false });
  const router = Router();

  async function keep(res: Response, event: ProviderEvent, from: { ctx: Ctx; kind: "connect" | "own_key" }) {
    const stored = await storePaymentEvent(from.ctx, event, from.kind);
    res.sendStatus(200);
    if (stored.kind === "foreign") log.info({ business: from.ctx.businessId }, "an event of no concern was left out");
    if (stored.kind !== "stored") return;
    const added = [{ businessId: from.ctx.businessId, id: stored.id }];
    await enqueuePaymentEvents(producer, added).catch(leaveToSweep(log));
  }

  router.post(PATH, readRaw, async (req, res) => {
    if (platformSecrets.length === 0) throw new NotFoundError("Page", req.path);
    const event = verified(req, platformSecrets, system.now());
    const { accountId, liveMode } = event;
    const businessId = accountId && (await overduePaymentRepo(system.db).businessOfAccount(accountId, liveMode));
    if (businessId) return keep(res, event, { ctx: actFor(system, businessId, "webhook"), kind: "connect" });
    log.info({}, "an event of an account that nobody has here was left out");
    res.sendStatus(200);
  });

  router.post(`${PATH}/:businessId`, readRaw, async (req, res) => {
    const businessId = req.params["businessId"].toLowerCase();
    const ctx = actFor(system, businessId as Id<"Business">, "webhook");
    const secrets = isUuid(businessId) ? await findWebhookSecrets(ctx) : [];
    if (secrets.length === 0) throw new NotFoundError("Page", req.path);
    await keep(res, verified(req, secrets, system.now()), { ctx, kind: "own_key" });
  });
  return router;
}

/** The event that one of `secrets` signed, not long before `now`. */
function verified(req: Request, secrets: readonly string[], now: Date): ProviderEvent {
  const rawBody: Buffer = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  const event = readStripeEvent({ secrets, rawBody, signature: req.get("stripe-signature"), now });
  if (event === "signature_invalid") throw new AppError(event, "The Stripe-Signature does not match");
  if (event === "too_old") throw new AppError("signature_invalid", "The Stripe-Signature is older than 300 seconds");
  if (event === "malformed") throw new AppError("malformed_request", "The body is not an event of Stripe's");
  return event;
}
