/** Stable codes that callers may branch on. Each maps to one HTTP status in the API's `http/problem.ts`. */
export const errorCodes = [
  "validation_failed",
  "malformed_request",
  "unauthenticated",
  "invalid_credentials",
  "second_factor_required",
  "reauthentication_required",
  "token_invalid",
  "token_expired",
  "token_revoked",
  "token_reused",
  "key_invalid",
  "key_expired",
  "key_revoked",
  "forbidden",
  "scope_missing",
  "address_unverified",
  "link_invalid",
  "not_found",
  "method_not_allowed",
  "conflict",
  "idempotency_in_progress",
  "idempotency_mismatch",
  "recently_messaged",
  "request_timeout",
  "headers_too_large",
  "payload_too_large",
  "unsupported_media_type",
  "host_unknown",
  "signature_invalid",
  "rate_limited",
  "busy",
  "database_unavailable",
  "provider_unavailable",
  "decrypt_failed",
  "key_unknown",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One fault in a request: where it is, and what would be right. */
export interface Issue {
  readonly field: string;
  readonly message: string;
  /** Stable, where the fault is one that callers may branch on. */
  readonly code?: string;
}

interface ErrorOptions {
  readonly issues?: readonly Issue[];
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

export class AppError extends Error {
  override name = "AppError";
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];
  /** After how long the same request may pass. */
  readonly retryAfterMs: number | undefined;

  /** `message` and `issues` are shown to API callers. Put secrets and SQL in `cause`, which is only logged. */
  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.issues = options.issues ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }
}

export class NotFoundError extends AppError {
  override name = "NotFoundError";
  constructor(entity: string, id: string) {
    super("not_found", `${entity} ${id} not found`);
  }
}

/** A request that is well formed but wrong in one field. */
export function invalid(field: string, message: string): AppError {
  return new AppError("validation_failed", message, { issues: [{ field, message }] });
}
