import { timingSafeEqual } from "node:crypto";
import type { Clock } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import type { RequestHandler } from "express";
import type { OpsSessions } from "./ops-session.ts";
import { SIGN_IN_PATH } from "./ops-sign-in.ts";

/** Lets through who has the ops password of the configuration; without one in the configuration there is nothing here. */
export function requireOpsPassword({ OPS_USER, OPS_PASSWORD }: Settings): RequestHandler {
  const expected =
    OPS_PASSWORD === undefined
      ? undefined
      : sha256(`Basic ${Buffer.from(`${OPS_USER}:${OPS_PASSWORD}`).toString("base64")}`);
  return (req, res, next) => {
    if (!expected) return next(new NotFoundError("Page", req.baseUrl + req.path));
    if (timingSafeEqual(sha256(req.get("authorization") ?? ""), expected)) return next();
    res.set("WWW-Authenticate", 'Basic realm="ops", charset="UTF-8"');
    return next(new AppError("unauthenticated", "Sign in with the ops credential"));
  };
}

/** Lets through who has signed in to the board; a person who opens a page of it is sent to where that is done. */
export function requireOpsSession(sessions: OpsSessions, now: Clock): RequestHandler {
  return (req, res, next) => {
    if (sessions.isSignedIn(req, now())) return next();
    const opensPage = req.method === "GET" && !req.path.startsWith("/api/") && req.get("accept")?.includes("text/html");
    if (opensPage) return res.redirect(303, SIGN_IN_PATH);
    return next(new AppError("unauthenticated", `Sign in at ${SIGN_IN_PATH}`));
  };
}

/** Lets writes through only where they are switched on, and only from the board's own page. */
export function guardWrites({ OPS_WRITE }: Pick<Settings, "OPS_WRITE">): RequestHandler {
  return (req, _res, next) => {
    if (req.method === "GET" || req.method === "HEAD") return next();
    if (!OPS_WRITE)
      return next(new AppError("forbidden", "The ops board only shows; OPS_WRITE=1 lets it change queues"));
    const from = req.get("sec-fetch-site");
    if (from === undefined || from === "same-origin") return next();
    return next(new AppError("forbidden", "The ops board takes orders from its own pages only"));
  };
}
