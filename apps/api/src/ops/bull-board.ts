import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { createBullBoard } from "@bull-board/api";
import { ExpressAdapter } from "@bull-board/express";
import type { Logger } from "@reminder-app/platform/log";
import { type Settings, queueNames } from "@reminder-app/platform/settings";
import type { QueueName } from "@reminder-app/queues/define-job";
import type { Producer } from "@reminder-app/queues/producer";
import { type Express, type RequestHandler, Router } from "express";
import type { Deps } from "../http/endpoint.ts";
import { requestIdOf } from "../http/problem.ts";
import { pagePolicy } from "../http/security-headers.ts";
import { createOpsSessions } from "./ops-session.ts";
import { opsSignIn } from "./ops-sign-in.ts";
import { guardWrites, requireOpsSession } from "./require-ops.ts";

const PATH = "/ops/queues";

/**
 * Bull Board, for ops alone: there is none unless both the password and the second factor are configured, and it can
 * change nothing unless OPS_WRITE is set. What it is told to do is logged.
 */
export function bullBoard(
  { system, producer, log }: Pick<Deps, "system" | "producer" | "log">,
  settings: Settings,
): Router {
  const router = Router();
  if (settings.OPS_PASSWORD === undefined || settings.OPS_TOTP_SECRET === undefined) return router;
  const sessions = createOpsSessions(settings);
  router.use(opsSignIn({ system, log }, settings, sessions));
  router.use(PATH, logActions(log), requireOpsSession(sessions, system.now), guardWrites(settings), pagePolicy());
  router.use(PATH, board(producer, { readOnlyMode: !settings.OPS_WRITE }));
  return router;
}

function board(producer: Producer, options: { readOnlyMode: boolean }): Express {
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(PATH);
  createBullBoard({
    queues: queueNames.map((name) => new BullMQAdapter(producer.queue(name as QueueName), options)),
    serverAdapter,
  });
  return (serverAdapter.getRouter() as Express).disable("x-powered-by").disable("etag");
}

/** Refused ones as well; known by what they were answered. */
function logActions(log: Logger): RequestHandler {
  return (req, res, next) => {
    if (req.method !== "GET" && req.method !== "HEAD") {
      const { method } = req;
      const url = PATH + req.path; // without the query, which may name anything
      res.on("finish", () => log.warn({ request: requestIdOf(res), method, url, status: res.statusCode }, "ops acts"));
    }
    next();
  };
}
