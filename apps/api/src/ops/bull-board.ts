import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { createBullBoard } from "@bull-board/api";
import { ExpressAdapter } from "@bull-board/express";
import { type Settings, queueNames } from "@reminder-app/platform/settings";
import type { QueueName } from "@reminder-app/queues/define-job";
import { Router } from "express";
import type { Deps } from "../http/endpoint.ts";
import { requestIdOf } from "../http/problem.ts";
import { pagePolicy } from "../http/security-headers.ts";
import { requireOps } from "./require-ops.ts";

const PATH = "/ops/queues";

/** Bull Board, behind the ops credential; it can change nothing unless OPS_WRITE is set. What it is told to do is logged. */
export function bullBoard({ producer, log }: Pick<Deps, "producer" | "log">, settings: Settings): Router {
  const router = Router();
  router.use(PATH, requireOps(settings), pagePolicy(), (req, res, next) => {
    if (req.method !== "GET")
      log.warn({ request: requestIdOf(res), method: req.method, url: PATH + req.path }, "ops acts");
    next();
  });
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath(PATH);
  const options = { readOnlyMode: !settings.OPS_WRITE };
  createBullBoard({
    queues: queueNames.map((name) => new BullMQAdapter(producer.queue(name as QueueName), options)),
    serverAdapter,
  });
  router.use(PATH, serverAdapter.getRouter() as Router);
  return router;
}
