import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "@reminder-app/platform/config";
import type { Logger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import type { Redis } from "ioredis";

/** Redis may be away when a process starts; nothing but its policy waits for it. */
const PATIENCE_MS = 3_000;
const SAFE = "noeviction";
const REMEDY = "must be a Redis with maxmemory-policy noeviction, or it drops jobs when it is full";

/**
 * Have a process start only with a Redis that drops nothing when it is full. In production any other one throws
 * {@link ConfigError}, and the connection is let go; elsewhere, and when Redis comes only later, it is logged.
 */
export async function requireNoEviction(
  redis: Redis,
  { APP_ENV }: Pick<Settings, "APP_ENV">,
  log: Logger,
): Promise<void> {
  const asked = policyWhenThere(redis);
  const known =
    APP_ENV === "production" && (await Promise.race([asked, sleep(PATIENCE_MS, undefined, { ref: false })]));
  if (!known)
    return void asked.then((policy) => policy === SAFE || log.error({ reason: REMEDY }, "Redis may drop jobs"));
  if (known === SAFE) return;
  redis.disconnect();
  throw new ConfigError([`REDIS_URL: ${REMEDY}`]);
}

/** From INFO, because CONFIG is closed on managed servers. */
async function policyWhenThere(redis: Redis): Promise<string> {
  if (redis.status !== "ready") await new Promise((resolve) => redis.once("ready", resolve));
  const info = await redis.info("memory").catch(() => "");
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? "unknown";
}
