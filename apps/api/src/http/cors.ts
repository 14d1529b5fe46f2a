import type { RequestHandler } from "express";

const METHODS = "GET, POST, PUT, PATCH, DELETE";
const HEADERS = "Authorization, Content-Type, Idempotency-Key, X-Request-Id";

/** Browsers of exactly these origins may call; all others get no CORS header at all. */
export function cors(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (req, res, next) => {
    res.vary("Origin");
    const origin = req.get("origin");
    if (origin === undefined || !allowed.has(origin)) return next();
    res.set({
      "Access-Control-Allow-Origin": origin,
      "Access-Control-Expose-Headers": "Location, X-Request-Id, Idempotent-Replayed",
    });
    if (req.method !== "OPTIONS" || req.get("access-control-request-method") === undefined) return next();
    res.set({
      "Access-Control-Allow-Methods": METHODS,
      "Access-Control-Allow-Headers": HEADERS,
      "Access-Control-Max-Age": "600",
    });
    return res.sendStatus(204);
  };
}
