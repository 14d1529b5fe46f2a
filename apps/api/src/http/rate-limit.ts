import { AppError } from "@reminder-app/platform/errors";
import { type RateLimitRequestHandler, rateLimit } from "express-rate-limit";

const MINUTE_MS = 60_000;

/** So many requests a minute for each network. Throws `rate_limited`. */
export function limitPerMinute(limit: number): RateLimitRequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    ipv6Subnet: 64,
    handler: (_req, _res, next) =>
      next(new AppError("rate_limited", "Too many requests from your network; wait a minute")),
  });
}
