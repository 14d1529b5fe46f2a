import { AppError } from "@reminder-app/platform/errors";
import express, { type Request, type RequestHandler } from "express";

const LIMIT = "100kb";
const MAX_DEPTH = 20;
const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

const parseJson = express.json({ limit: LIMIT, strict: true, inflate: false, type: JSON_TYPE });
const parseForm = express.urlencoded({ limit: LIMIT, extended: false, inflate: false, type: FORM_TYPE });

/** Read a JSON body: at most 100 KiB, not compressed, not nested without end, and no key that reaches a prototype. */
export const jsonBody: RequestHandler = (req, res, next) => {
  if (hasBody(req) && !(req.is(JSON_TYPE) && isUtf8(req))) return next(wrongType(JSON_TYPE));
  return parseJson(req, res, (thrown?: unknown) => next(thrown ?? faultOf(req.body)));
};

/** The same, for the one endpoint whose standard wants a form. */
export const formOrJsonBody: RequestHandler = (req, res, next) => {
  if (!hasBody(req) || !req.is(FORM_TYPE)) {
    return hasBody(req) && !req.is(JSON_TYPE) ? next(wrongType(FORM_TYPE)) : jsonBody(req, res, next);
  }
  return parseForm(req, res, (thrown?: unknown) => next(thrown ?? faultOf(req.body)));
};

/** Leave the body to the handler, when it is of the type that it reads. */
export function fileBody(type: string): RequestHandler {
  return (req, _res, next) => next(hasBody(req) && req.is(type) ? undefined : fileWanted(type));
}

function hasBody(req: Request): boolean {
  return req.get("transfer-encoding") !== undefined || Number(req.get("content-length") ?? 0) > 0;
}

/** JSON is UTF-8 (RFC 8259); the parser would also read UTF-7 and its like. */
function isUtf8(req: Request): boolean {
  const charset = /;\s*charset="?([^";]*)/i.exec(req.get("content-type") ?? "")?.[1];
  return charset === undefined || charset.toLowerCase() === "utf-8";
}

function wrongType(wanted: string): AppError {
  return new AppError("unsupported_media_type", `Send the body as Content-Type: ${wanted}, in UTF-8`);
}

function fileWanted(type: string): AppError {
  return new AppError("unsupported_media_type", `Send the file as the body, with Content-Type: ${type}`);
}

function faultOf(body: unknown): AppError | undefined {
  if (isPlain(body, MAX_DEPTH)) return undefined;
  return new AppError("malformed_request", "The body is nested too deep, or has a forbidden key");
}

function isPlain(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth === 0) return false;
  return Object.entries(value).every(([key, inner]) => key !== "__proto__" && isPlain(inner, depth - 1));
}
