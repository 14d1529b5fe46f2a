import type { ServerResponse } from "node:http";
import { sendJson } from "../http-exchange.ts";

interface FailureDetail {
  readonly status: number;
  readonly type?: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  readonly code?: string;
  readonly param?: string;
  readonly message: string;
}

/** A request that fails, in Stripe's words. */
export class StripeFailure extends Error {
  override name = "StripeFailure";
  readonly detail: FailureDetail;

  constructor(detail: FailureDetail) {
    super(detail.message);
    this.detail = detail;
  }
}

export function missing(what: string, id: string): StripeFailure {
  return new StripeFailure({ status: 404, code: "resource_missing", param: "id", message: `No such ${what}: '${id}'` });
}

export function wrong(param: string, message: string, code = "parameter_invalid"): StripeFailure {
  return new StripeFailure({ status: 400, code, param, message });
}

export function sendFailure(res: ServerResponse, { detail }: StripeFailure): void {
  const { status, type = "invalid_request_error", code, param, message } = detail;
  const error = { type, message, ...(code !== undefined && { code }), ...(param !== undefined && { param }) };
  sendJson(res, { status, body: { error } });
}
