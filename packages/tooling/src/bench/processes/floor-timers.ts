// The smallest program that does what T5 asks of timers: a worker that takes what rings, and nothing else.
import { environment } from "../../../bootstrap/environment.mjs";
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { FLOOR_TIMERS, type Ring, ringOnce } from "../floor-timers.ts";
import { p99 } from "../pairs.ts";

let expected = Number.POSITIVE_INFINITY;
let lags: number[] = [];

const connection = new Redis(environment["REDIS_URL"] ?? "", { maxRetriesPerRequest: null });
const worker = new Worker<Ring>(
  FLOOR_TIMERS,
  async ({ data }) => {
    lags.push(Date.now() - data.at);
    if (lags.length === expected) process.send?.({ p99Ms: p99(lags) });
  },
  {
    connection,
    prefix: environment["QUEUE_PREFIX"] ?? "",
    concurrency: Number(environment["WORKER_CONCURRENCY"]),
    removeOnComplete: { count: 0 },
    settings: { repeatStrategy: ringOnce },
  },
);
process.on("message", (message) => {
  if (typeof message !== "object" || message === null || !("expect" in message)) return;
  expected = Number(message.expect);
  lags = [];
  process.send?.({ counting: true });
});
process.once("SIGTERM", () => process.exit());
process.once("disconnect", () => process.exit());
void worker.waitUntilReady().then(() => process.send?.({ ready: true }));
