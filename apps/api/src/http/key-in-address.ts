import { AppError } from "@reminder-app/platform/errors";
import type { RequestHandler } from "express";

const KEY = /rk(?:_|%5f)(?:live|test)(?:_|%5f)/i;

/** Addresses end up in logs and histories, so a key in one is refused, whoever's it is. */
export const refuseKeyInAddress: RequestHandler = (req, _res, next) => {
  if (!KEY.test(req.url)) return next();
  req.url = "/";
  const remedy = "send it as Authorization: Bearer …, and replace it, because addresses are logged on their way";
  return next(new AppError("malformed_request", `An API key never goes into an address: ${remedy}`));
};
