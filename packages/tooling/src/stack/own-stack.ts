import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { freePort } from "../services/free-port.ts";
import { type Stack, startStack } from "./stack.ts";
import { dumpRedis } from "../canary/dump-redis.ts";

export interface OwnStack extends Pick<Stack, "apiUrl" | "sandboxUrl"> {
  /** Keys and credentials that the processes run with, by the setting's name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What the API and the worker have logged, from the least severe level on. */
  logs(): { readonly api: string; readonly worker: string };
  redis(): Promise<string>;
  /** Every statement on this table fails until `work` has ended. */
  without(table: string, work: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** As in tests: short waits, and nobody is slowed down for asking often. */
const settings = {
  APP_ENV: "testing",
  LOG_LEVEL: "debug",
  ABUSE_LIMITS: "0",
  LEASE_MS: "10000",
  PROVIDER_TIMEOUT_MS: "3000",
  VERIFY_AFTER_MS: "1000",
  HOLD_AFTER_MS: "1000",
  RETRY_BASE_MS: "200",
};

/** Sandbox, API and worker as processes, with a database of their own beside the one that `databaseUrl` names. */
export async function startOwnStack(databaseUrl: string, redisUrl: string): Promise<OwnStack> {
  const directory = mkdtempSync(join(tmpdir(), "reminder-app-own-"));
  const name = `own_${randomBytes(6).toString("hex")}`;
  const prefix = name.replace("_", "-");
  const server = await createConnection(databaseUrl.replace(/^mariadb:/, "mysql:"));
  await server.query(`create database ${name} character set utf8mb4 collate utf8mb4_unicode_ci`);
  const ports = { api: await freePort(), sandbox: await freePort(), smtp: await freePort(), clamd: await freePort() };

  async function clear(): Promise<void> {
    await server.query(`drop database ${name}`);
    await server.end();
    rmSync(directory, { recursive: true, force: true });
  }
  const stack = await startStack({
    services: { databaseUrl: databaseUrl.replace(/\/[^/?]*(\?|$)/, `/${name}$1`), redisUrl },
    directory,
    ports,
    workers: 1,
    log: () => undefined,
    settings: { ...settings, QUEUE_PREFIX: prefix },
  }).catch(async (thrown: unknown) => {
    await clear();
    throw thrown;
  });

  const rename = async (table: string, to: string) => {
    await server.query(`rename table ${name}.${table} to ${name}.${to}`);
  };
  return {
    ...stack,
    secrets: JSON.parse(readFileSync(join(directory, "secrets.json"), "utf8")) as Record<string, string>,
    logs: () => ({
      api: readFileSync(join(directory, "api.log"), "utf8"),
      worker: readFileSync(join(directory, "worker.log"), "utf8"),
    }),
    redis: () => dumpRedis(redisUrl, prefix),
    async without(table, work) {
      await rename(table, `${table}_away`);
      try {
        await work();
      } finally {
        await rename(`${table}_away`, table);
      }
    },
    async stop() {
      await stack.stop();
      await clear();
    },
  };
}
