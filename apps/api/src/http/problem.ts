import { isDatabaseAway, isLockBusy, isLockLost } from "@reminder-app/db/faults";
import { SECOND_MS } from "@reminder-app/platform/clock";
import { AppError, type ErrorCode, type Issue } from "@reminder-app/platform/errors";
import type { Logger } from "@reminder-app/platform/log";
import type { ErrorRequestHandler, Request, Response } from "express";
import { ZodError } from "zod";
import { html, renderPage } from "../pages/page.ts";

/** The HTTP status of every error code. */
const statusOf: Readonly<Record<ErrorCode, number>> = {
  validation_failed: 422,
  malformed_request: 400,
  unauthenticated: 401,
  invalid_credentials: 401,
  second_factor_required: 401,
  reauthentication_required: 403,
  token_invalid: 401,
  token_expired: 401,
  token_revoked: 401,
  token_reused: 401,
  key_invalid: 401,
  key_expired: 401,
  key_revoked: 401,
  forbidden: 403,
  scope_missing: 403,
  address_unverified: 403,
  link_invalid: 422,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  idempotency_in_progress: 409,
  idempotency_mismatch: 422,
  recently_messaged: 409,
  request_timeout: 408,
  headers_too_large: 431,
  payload_too_large: 413,
  unsupported_media_type: 415,
  host_unknown: 421,
  signature_invalid: 403,
  rate_limited: 429,
  busy: 503,
  database_unavailable: 503,
  provider_unavailable: 503,
  decrypt_failed: 500,
  key_unknown: 500,
  internal: 500,
};

const RETRY_AFTER_SECONDS = "5";
export const PROBLEM_BASE = "https://reminders.example/problems/";

/** The only place where errors become answers (RFC 9457). */
export function problemHandler(log: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  // oxlint-disable-next-line max-params
  return (thrown: unknown, req, res, next) => {
    if (res.headersSent) return next(thrown);
    const error = toAppError(thrown);
    const status = statusOf[error.code];
    if (status >= 500)
      log.error({ request: requestIdOf(res), method: req.method, status, error: thrown }, "request failed");
    // A request can fail before its route says so; what was refused may pass in a moment.
    if (!res.hasHeader("Cache-Control")) res.set("Cache-Control", "no-store");
    const challenge = res.locals["oauth"] ? undefined : challengeOf(error);
    if (challenge && !res.hasHeader("WWW-Authenticate")) res.set("WWW-Authenticate", challenge);
    if (error.retryAfterMs !== undefined) res.set("Retry-After", String(Math.ceil(error.retryAfterMs / SECOND_MS)));
    else if (status === 503) res.set("Retry-After", RETRY_AFTER_SECONDS);
    if (res.locals["page"]) res.status(status).type("html").send(toPage(error));
    else if (res.locals["oauth"]) res.status(oauthStatus(status)).json(toOauthError(error, { status, body: req.body }));
    else
      res
        .status(status)
        .type("application/problem+json")
        .json(toProblem(error, req, res));
    return undefined;
  };
}

const tokenErrors = new Map<ErrorCode, string>([
  ["token_invalid", "invalid_token"],
  ["token_expired", "invalid_token"],
  ["token_revoked", "invalid_token"],
  ["key_invalid", "invalid_token"],
  ["key_expired", "invalid_token"],
  ["key_revoked", "invalid_token"],
  ["scope_missing", "insufficient_scope"],
]);

/** RFC 6750, section 3: how to authenticate, and what is wrong with the token that was sent. */
function challengeOf({ code, message }: AppError): string | undefined {
  const error = tokenErrors.get(code);
  if (error) return `Bearer realm="reminders", error="${error}", error_description="${message.replaceAll('"', "'")}"`;
  return statusOf[code] === 401 ? 'Bearer realm="reminders"' : undefined;
}

function toProblem({ code, message, issues }: AppError, req: Request, res: Response) {
  return {
    type: PROBLEM_BASE + code,
    title: code.replaceAll("_", " "),
    status: statusOf[code],
    code,
    detail: message,
    instance: req.path,
    requestId: requestIdOf(res),
    ...(issues.length > 0 && { errors: issues }),
  };
}

/** For people who followed a link: what went wrong, in the words of the error. */
function toPage({ message, issues }: AppError): string {
  const faults = issues.map((issue) => html`<p>${issue.message}</p>`);
  return renderPage({
    title: "That did not work",
    content: html`<p class="fault">${message}</p>
      ${faults}`,
  });
}

/** RFC 6749, section 5.2: what is wrong with a grant is a 400; 401 is for clients, which have no credentials here. */
function oauthStatus(status: number): number {
  return status === 401 || status === 422 ? 400 : status;
}

function toOauthError({ code, message, issues }: AppError, { status, body }: { status: number; body: unknown }) {
  const grant = issues.find(({ field }) => field === "grant_type");
  const given = typeof body === "object" && body !== null && "grant_type" in body;
  if (grant && given) return oauthError("unsupported_grant_type", `grant_type ${grant.message}`);
  if (status === 429 || status >= 500) return oauthError("temporarily_unavailable", message);
  if (status === 401) return oauthError("invalid_grant", `${message} (${code})`);
  return oauthError("invalid_request", issues.map((issue) => `${issue.field} ${issue.message}`).join("; ") || message);
}

const oauthError = (error: string, description: string) => ({ error, error_description: description });

export function requestIdOf(res: Response): string {
  return String(res.locals["requestId"] ?? "");
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof ZodError) return fromZod(thrown);
  if (isDatabaseAway(thrown)) return databaseAway();
  if (isLockLost(thrown) || isLockBusy(thrown)) {
    return new AppError("busy", "Too many requests change the same thing at this moment; try again in a few seconds");
  }
  return fromParser(thrown) ?? new AppError("internal", "Something went wrong on our side");
}

export function databaseAway(): AppError {
  return new AppError("database_unavailable", "The service cannot answer now; try again in a few seconds");
}

function fromZod({ issues }: ZodError): AppError {
  const errors = issues.flatMap((issue): Issue[] => {
    const field = issue.path.join(".");
    if (issue.code !== "unrecognized_keys") return [{ field, message: issue.message }];
    return issue.keys.map((key) => ({
      field: [field, key].filter(Boolean).join("."),
      message: "is not a known field",
    }));
  });
  return new AppError("validation_failed", "The request has fields that are wrong", { issues: errors });
}

/** Express's body and URL parsers throw errors that carry a status and a type. */
function fromParser(thrown: unknown): AppError | undefined {
  if (!(thrown instanceof Error) || !("status" in thrown)) return undefined;
  if (thrown.status === 413) return new AppError("payload_too_large", "The body is too large");
  if (thrown instanceof URIError)
    return new AppError("malformed_request", "The path cannot be read; percent-encode it as UTF-8");
  if (thrown.status === 415) return new AppError("unsupported_media_type", "Send the body uncompressed, as UTF-8");
  if (typeof thrown.status === "number" && thrown.status >= 400 && thrown.status < 500) {
    return new AppError("malformed_request", "The request could not be read; send valid JSON");
  }
  return undefined;
}
