import { Stripe } from "stripe";
import type { GatewayAnswer } from "../gateway.ts";

type Failure = Exclude<GatewayAnswer<never>, { readonly kind: "done" }>;

/** Somebody else asks with the same key just now, or too many ask: it passes. */
const PASSING: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/**
 * What a failed call means. Whatever Stripe decided stays decided; no answer, a busy Stripe and its own faults leave open
 * whether it was done. Throws what is not a failure of the call: a bug of ours.
 */
export function classifyStripeFailure(error: unknown): Failure {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { statusCode: status, message, code, rawType } = error;
  const hasDecided = status !== undefined && status >= 400 && status < 500 && !PASSING.has(status);
  if (!hasDecided) return { kind: "unavailable", reason: message };
  return { kind: "refused", code: `stripe/${code ?? rawType ?? status}`, reason: message };
}
