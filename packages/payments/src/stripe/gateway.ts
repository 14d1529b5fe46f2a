import type { Stripe } from "stripe";
import type { GatewayAccount, GatewayAnswer, PaymentGateway } from "../gateway.ts";
import type { StripeAccess } from "./access.ts";
import { isLiveKey, onboardingParams, readAccount } from "./account.ts";
import { checkoutParams, readCheckout } from "./checkout.ts";
import { classifyStripeFailure } from "./classify.ts";
import { type StripeClients, createStripeClients } from "./clients.ts";
import { getPaymentFacts, readPayment } from "./payment.ts";
import { sendRefund } from "./refund.ts";

export interface StripeGatewayOptions {
  /** The key of the platform under which businesses open accounts. */
  readonly platformKey?: string | undefined;
  /** Another address than Stripe's. */
  readonly baseUrl?: string | undefined;
  /** Longest call, repetitions included. */
  readonly timeoutMs: number;
  /** The same clock in all processes, so that of two answers the later one is known. */
  readonly now: () => Date;
}

type Call<Value> = (access: StripeAccess) => Promise<GatewayAnswer<Value>>;

/** Stripe: direct charges in the businesses' own accounts, which they let us use by Connect or by a key of theirs. */
export function createStripeGateway(options: StripeGatewayOptions): PaymentGateway {
  const { platformKey, now } = options;
  const clients = createStripeClients(options);
  const inAccount = <Value>(account: GatewayAccount, call: Call<Value>) =>
    account.kind === "own_key"
      ? ask({ clients, now }, { key: account.secretKey }, call)
      : ask({ clients, now }, { key: platformKey, stripeAccount: account.accountId }, call);
  const asPlatform = <Value>(call: Call<Value>) => ask({ clients, now }, { key: platformKey }, call);

  return {
    hasPlatform: platformKey !== undefined,

    async createCheckout(account, input) {
      const params = checkoutParams(input);
      if (params.kind !== "done") return params;
      return inAccount(account, async ({ stripe, options: within }) => {
        const session = await stripe.checkout.sessions.create(params.value, { ...within, idempotencyKey: input.key });
        return done(readCheckout(session));
      });
    },

    expireCheckout: (account, sessionId) =>
      inAccount(account, async (access) => done(readCheckout(await expireSession(access, sessionId)))),

    getCheckout: (account, sessionId) =>
      inAccount(account, async ({ stripe, options: within }) =>
        done(readCheckout(await stripe.checkout.sessions.retrieve(sessionId, {}, within))),
      ),

    getPayment: (account, paymentRef) =>
      inAccount(account, async (access) => done(readPayment(await getPaymentFacts(access, paymentRef)))),

    refund: (account, refund) => inAccount(account, (access) => sendRefund(access, refund)),

    createAccount: ({ key, email }) =>
      asPlatform(async ({ stripe, liveMode }) => {
        const params = { type: "standard", ...(email !== undefined && { email }) } as const;
        return done(readAccount(await stripe.accounts.create(params, { idempotencyKey: key }), liveMode));
      }),

    getAccount: (account) =>
      account.kind === "connect"
        ? asPlatform(async ({ stripe, liveMode }) =>
            done(readAccount(await stripe.accounts.retrieve(account.accountId), liveMode)),
          )
        : inAccount(account, async ({ stripe, liveMode }) =>
            done(readAccount(await stripe.accounts.retrieveCurrent(), liveMode)),
          ),

    onboardingUrl: (accountId, urls) =>
      asPlatform(async ({ stripe }) => done((await stripe.accountLinks.create(onboardingParams(accountId, urls))).url)),

    async close() {
      clients.close();
    },
  };
}

async function ask<Value>(
  { clients, now }: { readonly clients: StripeClients; readonly now: () => Date },
  { key, stripeAccount }: { readonly key: string | undefined; readonly stripeAccount?: string },
  call: Call<Value>,
): Promise<GatewayAnswer<Value>> {
  if (key === undefined) return { kind: "unavailable", reason: "This installation has no key of a Stripe platform" };
  const options = stripeAccount === undefined ? {} : { stripeAccount };
  try {
    return await call({ stripe: clients.of(key), options, liveMode: isLiveKey(key), now });
  } catch (error) {
    return classifyStripeFailure(error);
  }
}

function done<Value>(value: Value): GatewayAnswer<Value> {
  return { kind: "done", value };
}

/** Stripe refuses to expire what is not open; then it is as it is. */
async function expireSession({ stripe, options }: StripeAccess, sessionId: string): Promise<Stripe.Checkout.Session> {
  const session = await stripe.checkout.sessions.retrieve(sessionId, {}, options);
  if (session.status !== "open") return session;
  try {
    return await stripe.checkout.sessions.expire(sessionId, {}, options);
  } catch (error) {
    // It may have been paid just now.
    const now = await stripe.checkout.sessions.retrieve(sessionId, {}, options);
    if (now.status === "open") throw error;
    return now;
  }
}
