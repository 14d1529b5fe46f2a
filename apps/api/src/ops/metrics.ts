import { countAttempts } from "@reminder-app/core/system/count-attempts";
import { overdueRepo } from "@reminder-app/core/system/overdue.repo";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { type Settings, queueNames } from "@reminder-app/platform/settings";
import type { QueueName } from "@reminder-app/queues/define-job";
import { Router } from "express";
import { Gauge, Registry, collectDefaultMetrics } from "prom-client";
import type { Deps } from "../http/endpoint.ts";
import { requireOpsPassword } from "./require-ops.ts";

/** `/metrics` for Prometheus, behind the ops credential. Values are read when they are asked for. */
export function metricsRouter({ system, producer }: Deps, settings: Settings): Router {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const depth = new Gauge({
    name: "reminders_queue_jobs",
    help: "Jobs by queue and state",
    labelNames: ["queue", "state"],
    registers,
  });
  const attempts = new Gauge({
    name: "reminders_attempts_last_hour",
    help: "Calls to providers that were started in the last hour, by channel and outcome",
    labelNames: ["channel", "outcome"],
    registers,
  });
  const oldest = new Gauge({
    name: "reminders_oldest_due_unsent_seconds",
    help: "Age of the oldest delivery that is due and has not left",
    registers,
  });
  const missed = new Gauge({
    name: "reminders_missed_last_day",
    help: "Moments of the last 24 hours that came due in an outage and were too late to be sent",
    registers,
  });
  const redisUp = new Gauge({ name: "reminders_redis_up", help: "Whether Redis answers", registers });

  async function readLedger(): Promise<void> {
    const now = system.now();
    const oldestDueAt = await overdueRepo(system.db).oldestDueAt(now);
    oldest.set(oldestDueAt ? (now.getTime() - oldestDueAt.getTime()) / 1_000 : 0);
    missed.set(await overdueRepo(system.db).missedSince(after(now, -DAY_MS)));
    attempts.reset();
    for (const { channel, outcome, count } of await countAttempts(system)) attempts.set({ channel, outcome }, count);
  }

  async function readQueues(): Promise<void> {
    depth.reset();
    for (const queue of queueNames) {
      const counts = await producer
        .queue(queue as QueueName)
        .getJobCounts("waiting", "active", "delayed", "failed", "prioritized");
      for (const [state, count] of Object.entries(counts)) depth.set({ queue, state }, count);
    }
  }

  const router = Router();
  router.get("/metrics", requireOpsPassword(settings), async (_req, res) => {
    await readLedger();
    redisUp.set(
      await readQueues().then(
        () => 1,
        () => 0,
      ),
    );
    res.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}
