import { createHmac, randomUUID } from "node:crypto";
import type { GivenApi } from "../given-api.ts";
import type { Answer } from "../given-call.ts";

const PLATFORM_SECRET = "stripe-webhook-secret-of-tests";

interface Signed {
  readonly path?: string;
  readonly secret?: string;
  readonly ageSeconds?: number;
  /** What arrives, where it is not what was signed. */
  readonly altered?: (body: string) => string;
}

/** An event as Stripe has it: a payment that succeeded, in test mode, unless told otherwise. */
export function stripeEvent(event: object = {}) {
  return {
    id: `evt_${randomUUID()}`,
    object: "event",
    type: "payment_intent.succeeded",
    livemode: false,
    data: { object: { id: `pi_${randomUUID()}`, object: "payment_intent" } },
    ...event,
  };
}

/** Post it as Stripe does, signed over its bytes and the time. */
export function postStripe(api: GivenApi, event: object, signed: Signed = {}): Promise<Answer> {
  const { path = "/webhooks/stripe", secret = PLATFORM_SECRET, ageSeconds = 0, altered = (body) => body } = signed;
  const body = JSON.stringify(event);
  const at = Math.floor(Date.now() / 1_000) - ageSeconds;
  const signature = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  const headers = { "content-type": "application/json; charset=utf-8", "stripe-signature": `t=${at},v1=${signature}` };
  return api.call("POST", path, { body: altered(body), headers });
}
