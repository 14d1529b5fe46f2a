import type { RequestListener } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { channelsOff } from "@reminder-app/channels/channels-off";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { timingOf } from "@reminder-app/core/deliveries/timing";
import { requireZoneData } from "@reminder-app/core/system/require-zone-data";
import { startDatabaseClock } from "@reminder-app/db/clock";
import { type Database, openDatabase } from "@reminder-app/db/database";
import { isDatabaseAway } from "@reminder-app/db/faults";
import { createScanner } from "@reminder-app/files/scan";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { createFileStore } from "@reminder-app/files/create-file-store";
import { createGateway } from "@reminder-app/payments/registry";
import { createVault } from "@reminder-app/platform/crypto";
import type { Logger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import { connectProducer } from "@reminder-app/queues/connection";
import { createProducer } from "@reminder-app/queues/producer";
import { requireNoEviction } from "@reminder-app/queues/require-no-eviction";
import type { Redis } from "ioredis";
import { createApp, createWaitingApp } from "./app.ts";
import type { Endpoint } from "./http/endpoint.ts";
import { closeServer, listen } from "./http/listen.ts";
import { protectiveHeaders } from "./http/security-headers.ts";
import { createTokens } from "./http/tokens.ts";
import { endpoints } from "./routes/all.ts";

export interface RunningApi {
  readonly port: number;
  /** Take no new request, answer those in hand, and let go of all connections; within 30 s. */
  close(): Promise<void>;
}

/** Callers have given up by then, and a query of theirs takes a fraction of it. */
const LONGEST_SILENCE_MS = 10_000;
const DATABASE_RETRY_MS = 2_000;
const CLOSE_PATIENCE_MS = 25_000;
const LEAVE_PATIENCE_MS = 2_000;

/**
 * Listen, bring the database to the newest schema, and serve. While the database is away the port answers already,
 * that it is not ready. Resolves when all is served.
 */
export async function startApi(
  settings: Settings,
  log: Logger,
  routes: readonly Endpoint[] = endpoints,
): Promise<RunningApi> {
  requireZoneData(settings, log);
  let answer: RequestListener = createWaitingApp(settings, log);
  const redis = connectProducer(settings.REDIS_URL, (error) => log.warn({ error }, "Redis is away"));
  await requireNoEviction(redis, settings, log);
  const server = await listen((req, res) => answer(req, res), {
    port: settings.PORT,
    headers: protectiveHeaders(settings),
  });
  const database = openDatabase({
    url: settings.DATABASE_URL,
    connections: settings.DATABASE_POOL,
    longestSilenceMs: LONGEST_SILENCE_MS,
  });
  const clock = await untilThere(log, async () => {
    await migrateDatabase(settings.MIGRATION_DATABASE_URL ?? settings.DATABASE_URL);
    return startDatabaseClock(database.db);
  });
  const serving = serve({ routes, settings, log, database, redis, now: clock.now });
  answer = serving.app;

  const address = server.address();
  const port = address && typeof address === "object" ? address.port : settings.PORT;
  log.info({ port }, "the API listens");
  return {
    port,
    async close() {
      clock.stop();
      await closeServer(server, CLOSE_PATIENCE_MS);
      await serving.close();
      // A database that is gone or silent cannot be taken leave of; every request was answered before.
      const left = database.close().catch((error: unknown) => log.warn({ error }, "the database went first"));
      await Promise.race([left, sleep(LEAVE_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}

interface Parts {
  readonly routes: readonly Endpoint[];
  readonly settings: Settings;
  readonly log: Logger;
  readonly database: Database;
  readonly redis: Redis;
  readonly now: SystemCtx["now"];
}

function serve({ routes, settings, log, database, redis, now }: Parts) {
  const vault = createVault({ encryptionKeys: settings.ENCRYPTION_KEYS, lookupKeys: settings.LOOKUP_KEYS });
  const relaxed: SystemCtx["relaxed"] = settings.STRICT_VALIDATION
    ? undefined
    : (warning) => log.warn({ ...warning }, "a business warning did not block");
  const system: SystemCtx = { db: database.db, vault, now, ...(relaxed && { relaxed }) };
  const producer = createProducer({ connection: redis, prefix: settings.QUEUE_PREFIX });
  const tokens = createTokens({
    keys: settings.TOKEN_KEYS,
    issuer: settings.PUBLIC_URL,
    now,
    oldTokensUntil: settings.OLD_TOKENS_UNTIL,
  });
  const files = createFileStore(settings);
  const gateway = createGateway(settings, now);
  const deps = {
    system,
    files,
    scanner: createScanner(settings),
    uploadMaxBytes: settings.UPLOAD_MAX_BYTES,
    producer,
    tokens,
    channelsOff: channelsOff(settings),
    gateway,
    takesTestAccounts: settings.APP_ENV !== "production",
    publicUrl: settings.PUBLIC_URL,
    webhookTargets: { loopback: settings.WEBHOOK_LOOPBACK },
    timing: timingOf(settings),
    sendsPerDay: settings.BUSINESS_SENDS_PER_DAY,
    log,
  };
  return {
    app: createApp({ routes, deps, settings, database, redis }),
    async close() {
      await producer.close();
      await Promise.all([gateway.close(), files.close()]);
      redis.disconnect();
    },
  };
}

async function untilThere<Result>(log: Logger, start: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      log.warn({ error }, "the database is away; trying again");
      await sleep(DATABASE_RETRY_MS);
    }
  }
}
