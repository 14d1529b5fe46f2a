import { type Server, createServer } from "node:http";
import { channelsOff } from "@reminder-app/channels/channels-off";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { startDatabaseClock } from "@reminder-app/db/clock";
import { openDatabase } from "@reminder-app/db/database";
import { isDatabaseAway } from "@reminder-app/db/faults";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { createVault } from "@reminder-app/platform/crypto";
import type { Logger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import { connectProducer } from "@reminder-app/queues/connection";
import { createProducer } from "@reminder-app/queues/producer";
import { setTimeout as sleep } from "node:timers/promises";
import { createApp } from "./app.ts";
import { createTokens } from "./http/tokens.ts";

export interface RunningApi {
  readonly port: number;
  /** Take no new request, answer those in hand, and let go of all connections. */
  close(): Promise<void>;
}

const DATABASE_RETRY_MS = 2_000;

/** Bring the database to the newest schema, connect, and listen. Waits for a database that is away. */
export async function startApi(settings: Settings, log: Logger): Promise<RunningApi> {
  await migrateWhenThere(settings.DATABASE_URL, log);
  const database = openDatabase({ url: settings.DATABASE_URL, connections: settings.DATABASE_POOL });
  const clock = await startDatabaseClock(database.db);
  const vault = createVault({ encryptionKeys: settings.ENCRYPTION_KEYS, lookupKeys: settings.LOOKUP_KEYS });
  const system: SystemCtx = { db: database.db, vault, now: clock.now };
  const redis = connectProducer(settings.REDIS_URL, (error) => log.warn({ error }, "Redis is away"));
  const producer = createProducer({ connection: redis, prefix: settings.QUEUE_PREFIX });
  const tokens = createTokens({ keys: settings.TOKEN_KEYS, issuer: settings.PUBLIC_URL, now: clock.now });
  const deps = { system, producer, tokens, channelsOff: channelsOff(settings), log };

  const server = await listen(createServer(createApp({ deps, settings, database, redis })), settings.PORT);
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : settings.PORT;
  log.info({ port }, "the API listens");
  return {
    port,
    async close() {
      clock.stop();
      await closeServer(server);
      await producer.close();
      redis.disconnect();
      await database.close();
    },
  };
}

async function migrateWhenThere(url: string, log: Logger): Promise<void> {
  for (;;) {
    try {
      return await migrateDatabase(url);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      log.warn({ error }, "the database is away; trying again");
      await sleep(DATABASE_RETRY_MS);
    }
  }
}

/** Slow clients are cut off; an idle connection outlives the balancer's 60 s. */
function listen(server: Server, port: number): Promise<Server> {
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => resolve(server));
  });
}

/** Connections that are kept alive are let go of as soon as their request has been answered. */
function closeServer(server: Server): Promise<void> {
  const letGo = setInterval(() => server.closeIdleConnections(), 200);
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(letGo);
      resolve();
    });
  });
}
