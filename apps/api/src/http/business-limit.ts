import { MINUTE_MS, SECOND_MS } from "@reminder-app/platform/clock";
import type { Clock } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Settings } from "@reminder-app/platform/settings";
import type { Response } from "express";
import type { Redis } from "ioredis";

/** Counts a request of a business, and tells it what is left. Throws `rate_limited` when that is nothing. */
export type BusinessLimit = (businessId: Id<"Business">, res: Response) => Promise<void>;

export interface BusinessLimitOptions {
  readonly redis: Redis;
  readonly settings: Pick<Settings, "ABUSE_LIMITS" | "BUSINESS_REQUESTS_PER_MINUTE" | "QUEUE_PREFIX">;
  readonly now: Clock;
}

const WINDOW_SECONDS = MINUTE_MS / SECOND_MS;
/** A request waits no longer than this for Redis, and while Redis is away none waits at all. */
const PATIENCE_MS = 250;
const AWAY_MS = SECOND_MS;
const count = `local n = redis.call('incr', KEYS[1])
if n == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return n`;

/** So many requests a minute from each business, over all API processes. What Redis cannot count is let through. */
export function createBusinessLimit({ redis, settings, now }: BusinessLimitOptions): BusinessLimit {
  const { ABUSE_LIMITS, BUSINESS_REQUESTS_PER_MINUTE: limit, QUEUE_PREFIX: prefix } = settings;
  if (!ABUSE_LIMITS) return async () => {};
  let awayUntil = 0;

  async function used(key: string): Promise<number | undefined> {
    if (performance.now() < awayUntil) return undefined;
    try {
      return Number(await within(PATIENCE_MS, redis.eval(count, 1, key, 2 * MINUTE_MS)));
    } catch {
      awayUntil = performance.now() + AWAY_MS;
      return undefined;
    }
  }

  return async (businessId, res) => {
    const at = now().getTime();
    const minute = Math.floor(at / MINUTE_MS);
    const requests = await used(`${prefix}:requests:${businessId}:${minute}`);
    if (requests === undefined) return;
    const seconds = Math.ceil(((minute + 1) * MINUTE_MS - at) / SECOND_MS);
    res.append("RateLimit-Policy", `"business";q=${limit};w=${WINDOW_SECONDS}`);
    res.append("RateLimit", `"business";r=${Math.max(0, limit - requests)};t=${seconds}`);
    if (requests <= limit) return;
    res.set("Retry-After", String(seconds));
    throw new AppError("rate_limited", "Too many requests from your business; wait as long as Retry-After says");
  };
}

/** `work`, or a rejection when it takes longer than `ms`. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("it took too long")), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
