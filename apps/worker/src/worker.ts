import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createChannels } from "@reminder-app/channels/registry";
import { createWebhookClient } from "@reminder-app/channels/webhooks/client";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { requireZoneData } from "@reminder-app/core/system/require-zone-data";
import { startDatabaseClock } from "@reminder-app/db/clock";
import { openDatabase } from "@reminder-app/db/database";
import { createFileStore } from "@reminder-app/files/create-file-store";
import { createGateway } from "@reminder-app/payments/registry";
import { SECOND_MS } from "@reminder-app/platform/clock";
import { createVault } from "@reminder-app/platform/crypto";
import type { Logger } from "@reminder-app/platform/log";
import { type Settings, queueNames } from "@reminder-app/platform/settings";
import { connectConsumer, connectProducer } from "@reminder-app/queues/connection";
import { createProducer, jobOptions } from "@reminder-app/queues/producer";
import { requireNoEviction } from "@reminder-app/queues/require-no-eviction";
import { nextRing } from "@reminder-app/queues/repeat-strategy";
import { Worker } from "bullmq";
import { runHousekeeping } from "./housekeeping.ts";
import { createSenders } from "./senders.ts";
import { runSweep } from "./sweep.ts";
import { type ProcessorParts, processorFor } from "./processor-for.ts";
import { followZoneData } from "./zone-data.ts";

const CONNECTIONS = 5;
/** Never longer than this after SIGTERM, whatever still hangs. */
const DRAIN_MS = 28 * SECOND_MS;

export interface RunningWorker {
  /** Take no new work, finish what is in hand, and let go of all connections; within 30 s. */
  close(): Promise<void>;
}

/** Run the queues that the settings name, and the sweep. */
export async function startWorker(settings: Settings, log: Logger): Promise<RunningWorker> {
  requireZoneData(settings, log);
  const warn = (error: Error) => log.warn({ error }, "Redis is away");
  const adding = connectProducer(settings.REDIS_URL, warn);
  await requireNoEviction(adding, settings, log);
  const database = openDatabase({
    url: settings.DATABASE_URL,
    connections: Math.min(CONNECTIONS, settings.DATABASE_POOL),
  });
  const clock = await startDatabaseClock(database.db);
  const system: SystemCtx = { db: database.db, vault: createVault(keysOf(settings)), now: clock.now };
  const consuming = connectConsumer(settings.REDIS_URL, warn);
  const producer = createProducer({ connection: adding, prefix: settings.QUEUE_PREFIX });
  const channels = createChannels(settings);

  const senders = createSenders({ system, settings, channels });
  const files = createFileStore(settings);
  const gateway = createGateway(settings, clock.now);
  const stopping = new AbortController();
  const webhooks = createWebhookClient({ loopback: settings.WEBHOOK_LOOPBACK });
  const parts = {
    system,
    producer,
    channels,
    gateway,
    senders,
    files,
    webhooks,
    settings,
    log,
    stopping: stopping.signal,
  };
  const queues = settings.WORKER_QUEUES.length > 0 ? settings.WORKER_QUEUES : queueNames;
  const workers = queues.map((queue) => openWorker(queue, { parts, connection: consuming }));

  const sweeping = runSweep({ system, producer, log, alive: beat }, stopping.signal);
  const housekeeping = runHousekeeping({ system, files, log }, stopping.signal);
  const following = followZoneData({ system, log }, stopping.signal);
  log.info({ queues }, "the worker runs");

  return {
    async close() {
      stopping.abort();
      clock.stop();
      await Promise.race([
        Promise.all([sweeping, housekeeping, following, ...workers.map((worker) => worker.close())]),
        sleep(DRAIN_MS, undefined, { ref: false }),
      ]);
      await Promise.all([senders, webhooks, ...channels.values()].map((opened) => opened.close()));
      await Promise.all([producer.close(), gateway.close(), files.close()]);
      adding.disconnect();
      consuming.disconnect();
      await database.close();
    },
  };
}

function openWorker(
  queue: string,
  { parts, connection }: { parts: ProcessorParts; connection: ReturnType<typeof connectConsumer> },
): Worker {
  const { settings, log } = parts;
  return new Worker(queue, processorFor(queue, parts), {
    connection,
    prefix: settings.QUEUE_PREFIX,
    concurrency: settings.WORKER_CONCURRENCY,
    lockDuration: 15 * SECOND_MS,
    stalledInterval: 5 * SECOND_MS,
    maxStalledCount: 1_000,
    removeOnComplete: { count: 0 },
    removeOnFail: jobOptions.removeOnFail,
    settings: { repeatStrategy: nextRing },
  }).on("error", (error) => log.warn({ queue, error }, "the queue cannot be read now"));
}

/** For the image's health check: the last time that MySQL and Redis were both reached. */
function beat(): void {
  writeFileSync(join(tmpdir(), "reminder-app-worker-alive"), "");
}

function keysOf({ ENCRYPTION_KEYS, LOOKUP_KEYS }: Settings) {
  return { encryptionKeys: ENCRYPTION_KEYS, lookupKeys: LOOKUP_KEYS };
}
