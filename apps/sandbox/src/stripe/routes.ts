import type { Route } from "../http-server.ts";
import type { CallbackClient } from "../callback-client.ts";
import type { Timers } from "../timers.ts";
import { type Accounts, createAccounts } from "./accounts.ts";
import { readBank, writeBank } from "./bank-file.ts";
import { createBank, find } from "./bank.ts";
import { type Operated, apiRoutes } from "./call.ts";
import { createCheckout, expireCheckout, getCheckout } from "./checkouts.ts";
import { stripeControlRoutes } from "./control.ts";
import { listDisputes } from "./disputes.ts";
import { type Events, createEvents } from "./events.ts";
import { pageRoutes } from "./pages.ts";
import { createRefund } from "./refunds.ts";
import { createStripeScripts } from "./scripts.ts";

export interface StripePlatform {
  /** The platform's secret key. Other keys open accounts of their own. */
  readonly secretKey: string;
  /** Where events of connected accounts go; nowhere without it. */
  readonly webhookUrl?: string | undefined;
  readonly webhookSecret: string;
  /** What accounts have survives a restart when it is kept in a file. */
  readonly file?: string | undefined;
}

interface StripeDeps {
  readonly platform: StripePlatform;
  /** Where browsers reach the sandbox, when that is not where the product does. */
  readonly publicUrl: string | undefined;
  readonly callbacks: CallbackClient;
  readonly timers: Timers;
}

/** Stripe's API as far as the product speaks it, its pages, and how they are steered. */
export function stripeRoutes({ platform, publicUrl, callbacks, timers }: StripeDeps): readonly Route[] {
  const { webhookUrl: url, webhookSecret: secret } = platform;
  const bank = createBank(platform.secretKey, readBank(platform.file));
  const events = createEvents({ callbacks, timers }, url === undefined ? [] : [{ url, secret }]);
  const scripts = createStripeScripts();
  const accounts = createAccounts(bank, events);
  const api = apiRoutes({ bank, scripts, timers, publicUrl }, [...paymentCalls(events), ...accountCalls(accounts)]);
  const routes = [...api, ...pageRoutes({ bank, events, accounts }), ...stripeControlRoutes({ bank, events, scripts })];
  return platform.file === undefined ? routes : keptAfter(routes, () => writeBank(platform.file ?? "", bank));
}

function paymentCalls(events: Events): readonly Operated[] {
  return [
    {
      method: "POST",
      path: /^\/v1\/checkout\/sessions$/,
      operation: "createCheckout",
      handle: ({ access: { book }, params, address }) => createCheckout(book, { params, address }),
    },
    {
      method: "GET",
      path: /^\/v1\/checkout\/sessions\/(?<id>[^/]+)$/,
      operation: "getCheckout",
      handle: ({ access: { book }, id }) => getCheckout(book, id).session,
    },
    {
      method: "POST",
      path: /^\/v1\/checkout\/sessions\/(?<id>[^/]+)\/expire$/,
      operation: "expireCheckout",
      handle({ access: { book }, id }) {
        const session = expireCheckout(book, id);
        void events.publish(book, [["checkout.session.expired", session]]);
        return session;
      },
    },
    {
      method: "GET",
      path: /^\/v1\/payment_intents\/(?<id>[^/]+)$/,
      operation: "getPayment",
      handle: ({ access: { book }, id }) => find(book.intents, "payment_intent", id),
    },
    {
      method: "POST",
      path: /^\/v1\/refunds$/,
      operation: "createRefund",
      handle: ({ access: { book }, params }) => createRefund(book, events, params).refund,
    },
    {
      method: "GET",
      path: /^\/v1\/disputes$/,
      operation: "listDisputes",
      handle: ({ access: { book }, url: asked }) => listDisputes(book, asked),
    },
  ];
}

function accountCalls(accounts: Accounts): readonly Operated[] {
  return [
    {
      method: "POST",
      path: /^\/v1\/accounts$/,
      operation: "createAccount",
      handle: ({ access, params }) => accounts.create(access, params),
    },
    {
      method: "GET",
      path: /^\/v1\/account$/,
      operation: "getAccount",
      handle: ({ access: { book } }) => book.account,
    },
    {
      method: "GET",
      path: /^\/v1\/accounts\/(?<id>[^/]+)$/,
      operation: "getAccount",
      handle: ({ access, id }) => accounts.get(access, id),
    },
    {
      method: "POST",
      path: /^\/v1\/account_links$/,
      operation: "createAccountLink",
      handle: ({ access, params, address }) => accounts.createLink(access, { params, address }),
    },
  ];
}

/** What a call has changed is kept, whatever came of the call. */
function keptAfter(routes: readonly Route[], keep: () => void): readonly Route[] {
  return routes.map((route) => ({
    ...route,
    async handle(exchange) {
      try {
        await route.handle(exchange);
      } finally {
        if (route.method !== "GET") keep();
      }
    },
  }));
}
