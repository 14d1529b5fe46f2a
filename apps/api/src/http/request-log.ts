import { newId } from "@reminder-app/platform/ids";
import type { Logger } from "@reminder-app/platform/log";
import type { RequestHandler } from "express";

const PLAIN_ID = /^[\w-]{8,64}$/;

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
