import type { Settings } from "@reminder-app/platform/settings";
import type { RequestHandler } from "express";

const METHODS = "GET, POST, PUT, PATCH, DELETE";
const HEADERS = "Authorization, Content-Type, Idempotency-Key, X-Request-Id";
const EXPOSED =
  "Location, X-Request-Id, Idempotent-Replayed, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate";

/** Browsers of exactly these origins may call and read answers, errors included; all others get no CORS header at all. */
export function cors({ CORS_ORIGINS, CORS_CREDENTIALS }: Settings): RequestHandler {
  const allowed = new Set(CORS_ORIGINS);
  return (req, res, next) => {
    res.vary("Origin");
    const origin = req.get("origin");
    if (origin === undefined || !allowed.has(origin)) return next();
    res.set({ "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED });
    if (CORS_CREDENTIALS) res.set("Access-Control-Allow-Credentials", "true");
    if (req.method !== "OPTIONS" || req.get("access-control-request-method") === undefined) return next();
    res.set({
      "Access-Control-Allow-Methods": METHODS,
      "Access-Control-Allow-Headers": HEADERS,
      "Access-Control-Max-Age": "600",
    });
    return res.status(204).end();
  };
}
