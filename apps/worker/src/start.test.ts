import { fork } from "node:child_process";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { givenEvictingRedis } from "@reminder-app/testing/given-redis";
import { withZoneData } from "@reminder-app/testing/zone-data";
import { testSettings } from "@reminder-app/testing/test-settings";
import { expect, test } from "vitest";

const key = () => `1:${randomBytes(32).toString("base64")}`;
const production = {
  APP_ENV: "production",
  DATABASE_URL: testSettings().DATABASE_URL,
  PUBLIC_URL: "https://api.firms.test",
  PROXY_HOPS: "1",
  TOKEN_KEYS: key(),
  ENCRYPTION_KEYS: key(),
  LOOKUP_KEYS: key(),
  FILES_S3_BUCKET: "clients-files",
};

async function complaint(
  settings: Record<string, string>,
  options: readonly string[] = [],
): Promise<{ said: string; ended: unknown }> {
  const script = new URL("main.ts", import.meta.url).pathname;
  const execArgv = ["--conditions=source", ...options];
  const worker = fork(script, { execArgv, env: settings, cwd: import.meta.dirname, silent: true });
  let said = "";
  worker.stderr?.on("data", (chunk) => (said += String(chunk)));
  return { ended: await once(worker, "close"), said };
}

test("in production a worker does not start with a Redis that drops keys (S63)", async () => {
  const evicting = await givenEvictingRedis();
  const { ended, said } = await complaint({ ...production, REDIS_URL: evicting.url });
  evicting.close();
  expect(ended).toEqual([1, null]);
  expect(said).toContain("REDIS_URL: must be a Redis with maxmemory-policy noeviction");
});

test("in production a worker does not start with a lease that ends before a call to a provider does (S63)", async () => {
  const REDIS_URL = testSettings().REDIS_URL;
  const { ended, said } = await complaint({ ...production, REDIS_URL, LEASE_MS: "15000" });
  expect(ended).toEqual([1, null]);
  expect(said).toContain("LEASE_MS: must be at least twice PROVIDER_TIMEOUT_MS");
});

test("in production a worker does not start with time zone data that is too old (A7)", async () => {
  const REDIS_URL = testSettings().REDIS_URL;
  const { ended, said } = await complaint({ ...production, REDIS_URL }, withZoneData("2025b"));
  expect(ended).toEqual([1, null]);
  expect(said).toContain("the time zone data is of version 2025b, and local times are right from");
});
