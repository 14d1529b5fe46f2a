import { newId } from "@reminder-app/platform/ids";
import type { Logger } from "@reminder-app/platform/log";
import type { RequestHandler } from "express";

/** A UUID, with or without dashes as in W3C's trace ids, or a ULID: anything else could be a secret, and ends up in logs. */
const PLAIN_ID = /^(?:[\da-f]{8}(?:-?[\da-f]{4}){3}-?[\da-f]{12}|[\dA-HJKMNP-TV-Z]{26})$/i;

/** Give each request an id, the caller's own where it is plain, and log how it ended. */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const given = req.get("x-request-id") ?? "";
    const requestId = PLAIN_ID.test(given) ? given : newId();
    const started = performance.now();
    res.locals["requestId"] = requestId;
    res.set("X-Request-Id", requestId);
    res.on("finish", () => {
      const ms = Math.round(performance.now() - started);
      const route: unknown = res.locals["route"];
      log.info(
        { request: requestId, method: req.method, route, business: res.locals["business"], status: res.statusCode, ms },
        "request",
      );
    });
    next();
  };
}
