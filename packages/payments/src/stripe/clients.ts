import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Stripe } from "stripe";

/** Answers keep this form until it is changed here, whatever the account's own is. */
const API_VERSION = "2026-10-28.endive";
/** So many keys are kept; a client is little more than its key, the connections belong to all. */
const MOST = 200;
/** A call and one repetition of it, each with the same idempotency key, fit into the time that a call may take. */
const TRIES = 2;

export interface StripeClients {
  of(secretKey: string): Stripe;
  close(): void;
}

/** One client for each key. `baseUrl` stands in for Stripe's address. */
export function createStripeClients(options: {
  readonly baseUrl?: string | undefined;
  /** Longest call, repetitions included. */
  readonly timeoutMs: number;
}): StripeClients {
  const base = options.baseUrl === undefined ? undefined : new URL(options.baseUrl);
  const protocol = base?.protocol === "http:" ? "http" : "https";
  const httpAgent = protocol === "http" ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });
  const kept = new Map<string, Stripe>();

  function create(secretKey: string): Stripe {
    return new Stripe(secretKey, {
      apiVersion: API_VERSION,
      httpAgent,
      protocol,
      timeout: Math.floor(options.timeoutMs / TRIES),
      maxNetworkRetries: TRIES - 1,
      telemetry: false,
      ...(base && { host: base.hostname, port: base.port || (protocol === "http" ? 80 : 443) }),
    });
  }

  return {
    of(secretKey) {
      const client = kept.get(secretKey) ?? create(secretKey);
      // The one that was used last goes last.
      kept.delete(secretKey);
      kept.set(secretKey, client);
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
      return client;
    },
    close: () => httpAgent.destroy(),
  };
}
