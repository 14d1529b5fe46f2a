import { randomBytes } from "node:crypto";
import { startApp } from "./start-app.ts";

/** Where events go: of one account, or of all accounts under the platform where none is named. */
export interface StripeEndpoint {
  readonly accountId?: string;
  readonly url: string;
  readonly secret: string;
  /** Signs too, as while a secret is rolled. */
  readonly otherSecret?: string;
}

/** How webhooks are sent; what is left out is as Stripe does it. */
export interface StripeConduct {
  readonly repeat?: number;
  readonly order?: "in_turn" | "shuffled";
  readonly delayMs?: number;
  readonly drop?: boolean;
  readonly signature?: "right" | "wrong" | "none";
  readonly ageSeconds?: number;
  readonly otherMode?: boolean;
}

/** Amounts in Stripe's units, which are ISO 4217's minor ones but for a few currencies. */
export interface StripePayment {
  readonly id: string;
  readonly accountId: string;
  readonly liveMode: boolean;
  readonly status: string;
  readonly currency: string;
  readonly amount: number;
  readonly received: number;
  readonly refunded: number;
  readonly disputes: readonly { readonly id: string; readonly status: string; readonly amount: number }[];
  /** `checkout` is the key that the session was made with. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StripeSession {
  readonly id: string;
  readonly accountId: string;
  readonly status: "open" | "complete" | "expired";
  readonly currency: string;
  readonly amount_total: number;
  /** The key that it was made with. */
  readonly client_reference_id: string | null;
  readonly payment_intent: string | null;
  readonly url: string | null;
}

export interface StripeEventSent {
  readonly accountId: string;
  readonly event: { readonly id: string; readonly type: string; readonly livemode: boolean };
  /** What its endpoints answered, 0 for nothing. */
  readonly answers: readonly number[];
}

/**
 * The sandbox's Stripe, over real sockets. Whatever changes something resolves once its webhooks were answered.
 *
 * ```ts
 * const stripe = await givenStripe();
 * const api = await givenApi(stripe.settings); // or createGateway(testSettings(stripe.settings), now)
 * await stripe.listen({ url: `${api.url}/webhooks/stripe`, secret: stripe.webhookSecret });
 * const { id } = await stripe.pay(sessionId); // { by: "debit" }, { by: "declined" }, { amount: 1 }
 * await stripe.refund(id, 500);
 * ```
 */
export interface GivenStripe {
  readonly url: string;
  /** `STRIPE_…` for an API, workers or a gateway that are to speak to it, with a platform's key. */
  readonly settings: Readonly<Record<string, string>>;
  /** Signs what is told about accounts under the platform. */
  readonly webhookSecret: string;
  /** A key of an account that no other test has, and the account's id. */
  ownAccount(mode?: "test" | "live"): { readonly secretKey: string; readonly accountId: string };
  listen(endpoint: StripeEndpoint): Promise<void>;
  /** From now on; without a conduct as Stripe does it. */
  send(conduct?: StripeConduct): Promise<void>;
  /** An event once more, to its own endpoints or to another one; resolves to the answers. */
  resend(eventId: string, to?: StripeEndpoint): Promise<readonly number[]>;
  /** The next calls of one kind (`createCheckout`, `getPayment`, …, `*`) fail so: `{ outcomes: ["server_error"] }`. */
  script(operation: string, script: object): Promise<void>;

  /** Pay, by card unless another way is named, as if at the session's page. Resolves to the payment. */
  pay(
    sessionId: string,
    how?: { readonly by?: "card" | "declined" | "debit"; readonly amount?: number; readonly currency?: string },
  ): Promise<{ readonly id: string }>;
  /** The session's time is over. */
  expire(sessionId: string): Promise<void>;
  /** The bank answers a debit. */
  settle(paymentRef: string, succeeds: boolean): Promise<void>;
  /** At Stripe's dashboard: a part, or all that is left. */
  refund(paymentRef: string, amount?: number): Promise<{ readonly id: string }>;
  failRefund(refundId: string): Promise<void>;
  dispute(
    paymentRef: string,
    how?: { readonly amount?: number; readonly isInquiry?: boolean },
  ): Promise<{ readonly id: string }>;
  decide(disputeId: string, won: boolean): Promise<void>;
  /** Whether an account can take payments. */
  setCharges(accountId: string, chargesEnabled: boolean): Promise<void>;
  /** An account's owner lets the platform go. */
  disconnect(accountId: string): Promise<void>;

  payments(accountId?: string): Promise<readonly StripePayment[]>;
  sessions(accountId?: string): Promise<readonly StripeSession[]>;
  events(accountId?: string): Promise<readonly StripeEventSent[]>;
  close(): void;
}

const platformKey = "sk_test_platformOfTests";
const webhookSecret = "whsec_platform-of-tests";

/** A sandbox of this test file's own, as a process. */
export async function givenStripe(): Promise<GivenStripe> {
  const env = { SANDBOX_PORT: "0", SANDBOX_SMTP_PORT: "0", LOG_LEVEL: "silent" };
  const secrets = { STRIPE_SECRET_KEY: platformKey, STRIPE_WEBHOOK_SECRET: webhookSecret };
  const { ready, stop } = await startApp("sandbox", { ...env, ...secrets });
  return { ...stripeAt((ready as { readonly url: string }).url, secrets), close: stop };
}

/** The Stripe of a sandbox that runs already. */
export function stripeAt(
  url: string,
  secrets: { readonly STRIPE_SECRET_KEY: string; readonly STRIPE_WEBHOOK_SECRET: string },
): Omit<GivenStripe, "close"> {
  const control = controlOf(url);
  const done = async (method: string, path: string, body: object = {}) => void (await control(method, path, body));
  const list = async <Item extends { readonly accountId: string }>(what: string, accountId: string | undefined) => {
    const answer = (await control("GET", what)) as Readonly<Record<string, readonly Item[]>>;
    return (answer[what] ?? []).filter((item) => accountId === undefined || item.accountId === accountId);
  };

  return {
    url,
    settings: { ...secrets, STRIPE_BASE_URL: url },
    webhookSecret: secrets.STRIPE_WEBHOOK_SECRET,
    ownAccount(mode = "test") {
      const name = `own${randomBytes(8).toString("hex")}`;
      return { secretKey: `sk_${mode}_${name}`, accountId: `acct_${name}` };
    },
    listen: (endpoint) => done("PUT", "endpoints", endpoint),
    send: (conduct = {}) => done("PUT", "webhooks", conduct),
    async resend(id, to) {
      const { answers } = (await control("POST", `events/${id}/send`, { ...(to && { to }) })) as { answers: number[] };
      return answers;
    },
    script: (operation, script) => done("PUT", `scripts/${operation}`, script),

    pay: async (id, how = {}) =>
      (await control("POST", `checkouts/${id}/pay`, { by: "card", ...how })) as { readonly id: string },
    expire: (id) => done("POST", `checkouts/${id}/expire`),
    settle: (id, succeeds) => done("POST", `payments/${id}/settle`, { succeeds }),
    refund: async (id, amount) =>
      (await control("POST", `payments/${id}/refund`, { ...(amount !== undefined && { amount }) })) as {
        readonly id: string;
      },
    failRefund: (id) => done("POST", `refunds/${id}/fail`),
    dispute: async (id, how = {}) => (await control("POST", `payments/${id}/dispute`, how)) as { readonly id: string },
    decide: (id, won) => done("POST", `disputes/${id}/decide`, { won }),
    setCharges: (id, chargesEnabled) => done("PUT", `accounts/${id}`, { chargesEnabled }),
    disconnect: (id) => done("DELETE", `accounts/${id}`),

    payments: (accountId) => list<StripePayment>("payments", accountId),
    sessions: (accountId) => list<StripeSession>("checkouts", accountId),
    events: (accountId) => list<StripeEventSent>("events", accountId),
  };
}

function controlOf(url: string) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${url}/sandbox/stripe/${path}`, {
      method,
      ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  };
}
