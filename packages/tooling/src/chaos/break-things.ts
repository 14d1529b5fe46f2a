import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import type { Services } from "../services/running-services.ts";
import type { Stack } from "../stack/stack.ts";

export interface Breakages {
  kills: number;
  apiKills: number;
  freezes: number;
  flushes: number;
  redisRestarts: number;
  dbRestarts: number;
  /** When Redis was emptied. */
  readonly flushedAt: Date[];
}

interface Breaker {
  readonly stack: Stack;
  readonly servers: NonNullable<Services["servers"]>;
  readonly redisUrl: string;
  readonly done: Breakages;
  readonly log: (line: string) => void;
}

const PAUSE_MS = 2_500;
/** Longer than a lease, so that the process wakes up to work that another has taken over. */
const FREEZE_MS = 12_000;

/** One breakage after the other, in a fixed order, until the time is over. What was killed comes back by itself. */
export async function breakThings(options: Omit<Breaker, "done">, seconds: number): Promise<Breakages> {
  const done: Breakages = {
    kills: 0,
    apiKills: 0,
    freezes: 0,
    flushes: 0,
    redisRestarts: 0,
    dbRestarts: 0,
    flushedAt: [],
  };
  const breaker = { ...options, done };
  const order = [
    killWorker,
    flush,
    killWorker,
    restartDatabase,
    killWorker,
    restartRedis,
    freezeWorker,
    killApi,
    flush,
    killWorker,
  ];
  const until = Date.now() + seconds * 1_000;
  for (let step = 0; Date.now() < until; step += 1) {
    await sleep(PAUSE_MS);
    await order[step % order.length]?.(breaker);
  }
  return done;
}

async function killWorker({ stack, done, log }: Breaker): Promise<void> {
  log("kill -9 of a worker");
  stack.workers[done.kills % stack.workers.length]?.kill("SIGKILL");
  done.kills += 1;
}

async function killApi({ stack, done, log }: Breaker): Promise<void> {
  log("kill -9 of the API");
  stack.api.kill("SIGKILL");
  done.apiKills += 1;
}

async function freezeWorker({ stack, done, log }: Breaker): Promise<void> {
  log("a worker is frozen for longer than its leases");
  const worker = stack.workers.at(-1);
  worker?.kill("SIGSTOP");
  done.freezes += 1;
  setTimeout(() => worker?.kill("SIGCONT"), FREEZE_MS);
}

async function flush({ redisUrl, done, log }: Breaker): Promise<void> {
  log("FLUSHALL");
  const redis = new Redis(redisUrl, { lazyConnect: true });
  await redis.connect();
  done.flushedAt.push(new Date());
  await redis.flushall();
  redis.disconnect();
  done.flushes += 1;
}

async function restartRedis({ servers, done, log }: Breaker): Promise<void> {
  log("kill -9 of Redis, which comes back empty");
  done.flushedAt.push(new Date());
  await servers.redis.restart({ empty: true });
  done.redisRestarts += 1;
}

async function restartDatabase({ servers, done, log }: Breaker): Promise<void> {
  log("kill -9 of the database");
  await servers.database.restart({ crash: true });
  done.dbRestarts += 1;
}
