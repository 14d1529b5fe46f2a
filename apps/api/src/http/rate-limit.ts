import { HOUR_MS, MINUTE_MS } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import type { RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";

/** Routes that guess or cost something are limited for each network: so many requests in a window. */
const windows = {
  "sign-in": { limit: 20, windowMs: MINUTE_MS },
  renew: { limit: 60, windowMs: MINUTE_MS },
  register: { limit: 10, windowMs: HOUR_MS },
} as const;

export type RateClass = keyof typeof windows;
export type RateLimits = Readonly<Record<RateClass, RequestHandler>>;

const WITHOUT_END = 1_000_000;

/** A limit for each class of routes; in tests there is practically none. Over it a request throws `rate_limited`. */
export function createRateLimits({ APP_ENV }: Pick<Settings, "APP_ENV">): RateLimits {
  const of = (name: RateClass) =>
    limitOf(APP_ENV === "testing" ? { ...windows[name], limit: WITHOUT_END } : windows[name]);
  return { "sign-in": of("sign-in"), renew: of("renew"), register: of("register") };
}

function limitOf({ limit, windowMs }: { limit: number; windowMs: number }): RequestHandler {
  return rateLimit({
    windowMs,
    limit,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    ipv6Subnet: 64,
    // Whose X-Forwarded-For is believed is our own setting, PROXY_HOPS.
    validate: { xForwardedForHeader: false },
    handler: (_req, _res, next) =>
      next(new AppError("rate_limited", "Too many requests from your network; wait as long as RateLimit says")),
  });
}
