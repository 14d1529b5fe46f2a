import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError, type ErrorCode, invalid } from "@reminder-app/platform/errors";
import type { z } from "zod";

const MOST_BODY_BYTES = 1024 * 1024;

/** One request and its answer. */
export interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly url: URL;
  /** The named parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) throw new AppError("payload_too_large", "must have at most 1 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The JSON body, checked. Throws `malformed_request` or `validation_failed`. */
export async function readJson<S extends z.ZodType>(req: IncomingMessage, schema: S): Promise<z.output<S>> {
  const text = await readBody(req);
  return checked(schema, parseJson(text));
}

export function checked<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => ({ field: path.join("."), message }));
  throw new AppError("validation_failed", "The request has faults", { issues });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError("malformed_request", "The body must be JSON", { cause: error });
  }
}

/** A whole number from the query string. Throws `validation_failed`. */
export function queryNumber(url: URL, name: string, fallback: number): number {
  const text = url.searchParams.get(name);
  if (text === null || text === "") return fallback;
  if (!/^\d{1,12}$/.test(text)) throw invalid(name, "must be a whole number");
  return Number(text);
}

export interface JsonAnswer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function sendJson(res: ServerResponse, { status = 200, body, headers = {} }: JsonAnswer): void {
  res.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", ...headers });
  res.end(JSON.stringify(body));
}

const statusOf: Partial<Record<ErrorCode, number>> = {
  validation_failed: 422,
  malformed_request: 400,
  not_found: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
};

/** RFC 9457. Only for the sandbox's own API: the stand-ins fail in the words of their providers. */
export function sendProblem(res: ServerResponse, error: unknown): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const known = error instanceof AppError ? error : new AppError("internal", "Something went wrong in the sandbox");
  const status = statusOf[known.code] ?? 500;
  const body = { title: known.code.replaceAll("_", " "), status, detail: known.message, errors: known.issues };
  sendJson(res, { status, body, headers: { "content-type": "application/problem+json" } });
}
