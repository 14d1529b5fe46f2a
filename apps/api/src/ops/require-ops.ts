import { timingSafeEqual } from "node:crypto";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import type { RequestHandler } from "express";

/** Lets through who has the ops credential of the configuration; without one in the configuration there is nothing here. */
export function requireOps({ OPS_USER, OPS_PASSWORD }: Pick<Settings, "OPS_USER" | "OPS_PASSWORD">): RequestHandler {
  const expected =
    OPS_PASSWORD === undefined
      ? undefined
      : sha256(`Basic ${Buffer.from(`${OPS_USER}:${OPS_PASSWORD}`).toString("base64")}`);
  return (req, res, next) => {
    if (!expected) return next(new NotFoundError("Page", req.originalUrl));
    if (timingSafeEqual(sha256(req.get("authorization") ?? ""), expected)) return next();
    res.set("WWW-Authenticate", 'Basic realm="ops", charset="UTF-8"');
    return next(new AppError("unauthenticated", "Sign in with the ops credential"));
  };
}
