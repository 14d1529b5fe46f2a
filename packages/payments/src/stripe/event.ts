import { Stripe } from "stripe";
import { z } from "zod";
import type { ProviderEvent } from "../gateway.ts";
import { idOf } from "./objects.ts";

const TOLERANCE_S = 300;

/** What arrived at the webhook, as it came. */
export interface ReceivedEvent {
  /** The body's bytes, before anything parsed them. */
  readonly rawBody: Uint8Array | string;
  /** `Stripe-Signature`. */
  readonly signature: string | undefined;
  /** The secret, and the one before it while it is changed. Empty ones count for nothing. */
  readonly secrets: readonly (string | undefined)[];
  readonly now: Date;
}

/**
 * A webhook of Stripe's, once it has shown that it is Stripe's: signed by one of the secrets, in constant time, no more
 * than 300 s ago. `malformed`: it is signed well, and is no event all the same.
 */
export function readStripeEvent(
  received: ReceivedEvent,
): ProviderEvent | "signature_invalid" | "too_old" | "malformed" {
  const secret = received.secrets.find((one) => one !== undefined && isSigned(received, one));
  if (secret === undefined) return "signature_invalid";
  if (!isSigned(received, secret, TOLERANCE_S)) return "too_old";
  const { rawBody } = received;
  return parseEvent(typeof rawBody === "string" ? rawBody : Buffer.from(rawBody).toString("utf8")) ?? "malformed";
}

/** Tolerance 0 looks at no clock. */
function isSigned({ rawBody, signature, now }: ReceivedEvent, secret: string, toleranceS = 0): boolean {
  try {
    const { signature: signatures } = Stripe.webhooks;
    return signatures?.verifyHeader(rawBody, signature ?? "", secret, toleranceS, undefined, now.getTime()) ?? false;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return false;
    throw error;
  }
}

const reference = z.union([z.string(), z.object({ id: z.string() })]).nullish();

const stripeEvent = z.object({
  id: z.string().min(1).max(255),
  type: z.string().max(255),
  livemode: z.boolean(),
  account: z.string().nullish(),
  data: z.object({ object: z.object({ id: z.string().optional(), object: z.string(), payment_intent: reference }) }),
});

function parseEvent(text: string): ProviderEvent | undefined {
  const { success, data: event } = stripeEvent.safeParse(parseJson(text));
  if (!success) return undefined;
  return {
    eventKey: event.id,
    type: event.type,
    liveMode: event.livemode,
    about: aboutOf(event),
    ...(event.account && { accountId: event.account }),
  };
}

/** What has to be asked about. The object in the event is how it was then, and is believed in nothing but its id. */
function aboutOf({ id, account, data: { object } }: z.output<typeof stripeEvent>): ProviderEvent["about"] {
  const paymentRef = object.object === "payment_intent" ? object.id : idOf(object.payment_intent);
  switch (object.object) {
    case "checkout.session":
      return { kind: "checkout", id: object.id ?? id };
    case "payment_intent":
    case "charge":
    case "refund":
    case "dispute":
      return paymentRef === undefined ? { kind: "other", id: object.id ?? id } : { kind: "payment", id: paymentRef };
    case "account":
      return { kind: "account", id: object.id ?? id };
    // The account's owner has let the platform go, or given it other rights.
    case "application":
    case "capability":
      return account ? { kind: "account", id: account } : { kind: "other", id };
    default:
      return { kind: "other", id: object.id ?? id };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
