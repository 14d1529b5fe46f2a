import type { Database } from "@reminder-app/db/database";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import express, { type Express } from "express";
import type { Redis } from "ioredis";
import { cors } from "./http/cors.ts";
import type { Deps } from "./http/endpoint.ts";
import { jsonBody } from "./http/json-body.ts";
import { mountEndpoints } from "./http/mount.ts";
import { problemHandler } from "./http/problem.ts";
import { limitPerMinute } from "./http/rate-limit.ts";
import { requestLog } from "./http/request-log.ts";
import { securityHeaders } from "./http/security-headers.ts";
import { docsRouter } from "./openapi/docs.ts";
import { bullBoard } from "./ops/bull-board.ts";
import { healthRouter } from "./ops/health.ts";
import { metricsRouter } from "./ops/metrics.ts";
import { endpoints } from "./routes/all.ts";
import { twilioWebhook } from "./webhooks/twilio.ts";
import { whatsappWebhook } from "./webhooks/whatsapp.ts";

export interface AppParts {
  readonly deps: Deps;
  readonly settings: Settings;
  readonly database: Database;
  readonly redis: Redis;
}

const SIGN_INS_A_MINUTE = 30;

/** The whole HTTP surface, in the order in which a request meets it. */
export function createApp({ deps, settings, database, redis }: AppParts): Express {
  const app = express();
  app.disable("x-powered-by").disable("etag").set("query parser", "simple").set("trust proxy", settings.PROXY_HOPS);
  const signIn = limitPerMinute(settings.APP_ENV === "testing" ? 100_000 : SIGN_INS_A_MINUTE);

  app.use(requestLog(deps.log), securityHeaders({ production: settings.APP_ENV === "production" }));
  app.use(healthRouter({ database, redis }), metricsRouter(deps, settings), bullBoard(deps.producer, settings));
  app.use(docsRouter(settings.PUBLIC_URL));
  app.use(twilioWebhook(deps, settings), whatsappWebhook(deps, settings));
  app.use("/v1", cors(settings.CORS_ORIGINS), jsonBody());
  const router = express.Router();
  mountEndpoints(router, endpoints, { deps, limits: { "sign-in": signIn } });
  app.use(router);
  app.use((req, _res, next) => next(new NotFoundError("Page", req.path)));
  app.use(problemHandler(deps.log));
  return app;
}
