import type { Database } from "@reminder-app/db/database";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Logger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import express, { type Express } from "express";
import type { Redis } from "ioredis";
import { createBusinessLimit } from "./http/business-limit.ts";
import { cors } from "./http/cors.ts";
import type { Deps, Endpoint } from "./http/endpoint.ts";
import { requireHost } from "./http/hosts.ts";
import { requireHttps } from "./http/https.ts";
import { refuseKeyInAddress } from "./http/key-in-address.ts";
import { mountEndpoints } from "./http/mount.ts";
import { databaseAway, problemHandler } from "./http/problem.ts";
import { createRateLimits } from "./http/rate-limit.ts";
import { requestLog } from "./http/request-log.ts";
import { protectiveHeaders, securityHeaders } from "./http/security-headers.ts";
import { docsRouter } from "./openapi/docs.ts";
import { bullBoard } from "./ops/bull-board.ts";
import { healthRouter, waitingHealthRouter } from "./ops/health.ts";
import { metricsRouter } from "./ops/metrics.ts";
import { accountPages } from "./pages/account.ts";
import { clientPages } from "./pages/client/client-pages.ts";
import { paymentAccountPages } from "./pages/payment-account.ts";
import { pageStyles } from "./pages/page.ts";
import { unsubscribePages } from "./pages/unsubscribe.ts";
import { stripeWebhook } from "./webhooks/stripe.ts";
import { twilioWebhook } from "./webhooks/twilio.ts";
import { whatsappWebhook } from "./webhooks/whatsapp.ts";

export interface AppParts {
  readonly routes: readonly Endpoint[];
  readonly deps: Deps;
  readonly settings: Settings;
  readonly database: Database;
  readonly redis: Redis;
}

/** The whole HTTP surface, in the order in which a request meets it. */
export function createApp({ routes, deps, settings, database, redis }: AppParts): Express {
  const app = emptyApp(settings, deps.log);
  const limits = createRateLimits(settings);
  const { now } = deps.system;
  app.use(
    healthRouter({ database, redis, scans: deps.scanner !== undefined }),
    metricsRouter(deps, settings),
    bullBoard(deps, settings),
  );
  app.use(docsRouter(routes), pageStyles(), accountPages(deps, limits), unsubscribePages(deps));
  app.use(clientPages({ ...deps, payOrigins: payOrigins(settings) }, limits), paymentAccountPages());
  app.use(twilioWebhook(deps, settings), whatsappWebhook(deps, settings), stripeWebhook(deps, settings));
  const router = express.Router();
  mountEndpoints(router, routes, { deps, limits, businessLimit: createBusinessLimit({ redis, settings, now }) });
  app.use(router);
  app.use((req, _res, next) => next(new NotFoundError("Page", req.path)));
  app.use(problemHandler(deps.log));
  return app;
}

/** What answers until the database has been reached for the first time. */
export function createWaitingApp(settings: Settings, log: Logger): Express {
  const app = emptyApp(settings, log);
  app.use(waitingHealthRouter());
  app.use((_req, _res, next) => next(databaseAway()));
  app.use(problemHandler(log));
  return app;
}

/** Where the pages are that clients pay on: Stripe's, or the sandbox's. */
function payOrigins({ STRIPE_BASE_URL }: Pick<Settings, "STRIPE_BASE_URL">): string[] {
  return ["https://checkout.stripe.com", ...(STRIPE_BASE_URL === undefined ? [] : [new URL(STRIPE_BASE_URL).origin])];
}

/** What every request meets, whatever answers it. */
function emptyApp(settings: Settings, log: Logger): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", "simple").set("trust proxy", settings.PROXY_HOPS);
  app.use(requestLog(log), securityHeaders(protectiveHeaders(settings)), requireHost(settings), requireHttps(settings));
  app.use(refuseKeyInAddress);
  return app.use("/v1", cors(settings));
}
