import { AppError } from "@reminder-app/platform/errors";
import express, { type RequestHandler } from "express";

const parse = express.json({ limit: "100kb", strict: true, inflate: false, type: "application/json" });
const MAX_DEPTH = 20;

/** Read a JSON body: at most 100 KiB, not compressed, not nested without end, and no key that reaches a prototype. */
export function jsonBody(): RequestHandler {
  return (req, res, next) => {
    const hasBody = req.get("transfer-encoding") !== undefined || Number(req.get("content-length") ?? 0) > 0;
    if (hasBody && !req.is("application/json")) {
      return next(new AppError("unsupported_media_type", "Send the body as Content-Type: application/json"));
    }
    return parse(req, res, (thrown?: unknown) => {
      if (thrown) return next(thrown);
      return next(
        isPlain(req.body, MAX_DEPTH)
          ? undefined
          : new AppError("malformed_request", "The body is nested too deep, or has a forbidden key"),
      );
    });
  };
}

function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  return Object.keys(value).every(
    (key) => key !== "__proto__" && isPlain((value as Record<string, unknown>)[key], depth - 1),
  );
}
