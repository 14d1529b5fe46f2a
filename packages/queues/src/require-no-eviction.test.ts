import { ConfigError } from "@reminder-app/platform/config";
import { createLogger } from "@reminder-app/platform/log";
import { givenEvictingRedis } from "@reminder-app/testing/given-redis";
import { testSettings } from "@reminder-app/testing/test-settings";
import { afterEach, expect, test, vi } from "vitest";
import { connectProducer } from "./connection.ts";
import { requireNoEviction } from "./require-no-eviction.ts";

const undo: (() => void)[] = [];
afterEach(() => undo.splice(0).forEach((step) => step()));

function given(url: string) {
  const lines: string[] = [];
  const log = createLogger({ app: "test", level: "info", destination: { write: (line) => void lines.push(line) } });
  const redis = connectProducer(url, () => {});
  undo.push(() => redis.disconnect());
  return { redis, log, lines };
}

async function evicting() {
  const wire = await givenEvictingRedis();
  undo.push(() => wire.close());
  return given(wire.url);
}

const production = { APP_ENV: "production" } as const;

test("production starts with a Redis that never evicts, and says nothing (S63)", async () => {
  const { redis, log, lines } = given(testSettings().REDIS_URL);
  await requireNoEviction(redis, production, log);
  expect(lines).toEqual([]);
});

test("production does not start with a Redis that evicts, which is named and its address is not (S63)", async () => {
  const { redis, log } = await evicting();
  const thrown: unknown = await requireNoEviction(redis, production, log).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ConfigError);
  expect(String(thrown)).toMatch(/REDIS_URL: must be a Redis with maxmemory-policy noeviction/);
  expect(String(thrown)).not.toContain("127.0.0.1");
  await vi.waitFor(() => expect(redis.status).toBe("end"));
});

test("development starts with it, and is warned (S63)", async () => {
  const { redis, log, lines } = await evicting();
  await requireNoEviction(redis, { APP_ENV: "development" }, log);
  await vi.waitFor(() => expect(lines.join("")).toContain("maxmemory-policy noeviction"));
});

test("a Redis that is away holds up no start (S63, J15)", async () => {
  const { redis, log, lines } = given("redis://127.0.0.1:1");
  await requireNoEviction(redis, production, log);
  expect(lines).toEqual([]);
});
