import { z } from "zod";
import { type Exchange, checked, readBody } from "../http-exchange.ts";
import type { Route } from "../http-server.ts";
import type { Accounts } from "./accounts.ts";
import { type Bank, type Book, find } from "./bank.ts";
import { checkoutPage } from "./checkout-page.ts";
import { getCheckout } from "./checkouts.ts";
import type { Events } from "./events.ts";
import { escaped, sendOn, sendPage } from "./html.ts";
import { bookWith } from "./listing.ts";
import { payCheckout } from "./payments.ts";
import { paymentsPage } from "./payments-page.ts";

interface PageDeps {
  readonly bank: Bank;
  readonly events: Events;
  readonly accounts: Accounts;
}

const payForm = z.object({ by: z.enum(["card", "declined", "debit"]) });

/** Stripe's pages that people see: Checkout and the onboarding of accounts; and what was paid. None of them needs a script. */
export function pageRoutes({ bank, events, accounts }: PageDeps): readonly Route[] {
  const bookOf = (id: string): Book => bookWith(bank, "checkouts", id);
  return [
    {
      method: "GET",
      path: /^\/c\/pay\/(?<id>[^/]+)$/,
      handle: ({ params, res }) =>
        sendPage(res, checkoutPage(getCheckout(bookOf(params["id"] ?? ""), params["id"] ?? ""), false)),
    },
    {
      method: "POST",
      path: /^\/c\/pay\/(?<id>[^/]+)$/,
      handle: (exchange) => pay(bookOf(exchange.params["id"] ?? ""), events, exchange),
    },
    {
      method: "GET",
      path: /^\/setup\/s\/(?<account>[^/]+)\/(?<token>[^/]+)$/,
      handle: (exchange) => showOnboarding(accounts, exchange),
    },
    {
      method: "POST",
      path: /^\/setup\/s\/(?<account>[^/]+)\/(?<token>[^/]+)$/,
      async handle({ params, res }) {
        const link = accounts.link(params["token"] ?? "");
        if (link.isUsed) return sendOn(res, link.refreshUrl);
        await accounts.complete(link);
        sendOn(res, link.returnUrl);
      },
    },
    { method: "GET", path: /^\/stripe$/, handle: ({ res }) => sendPage(res, paymentsPage(bank)) },
  ];
}

async function pay(book: Book, events: Events, { req, res, params }: Exchange): Promise<void> {
  const { by } = checked(payForm, Object.fromEntries(new URLSearchParams(await readBody(req))));
  const id = params["id"] ?? "";
  const checkout = getCheckout(book, id);
  const { session } = checkout;
  if (session.status !== "open") return sendPage(res, checkoutPage(checkout, false));
  // The browser does not wait until it has been told.
  void payCheckout(book, events, { sessionId: id, means: by });
  if (by === "declined") return sendPage(res, checkoutPage(find(book.checkouts, "session", id), true));
  sendOn(res, session.success_url.replaceAll("{CHECKOUT_SESSION_ID}", id));
}

/** A link that was used leads back to where a new one is made, as Stripe's do. */
function showOnboarding(accounts: Accounts, { params, res }: Exchange): void {
  const link = accounts.link(params["token"] ?? "");
  if (link.isUsed) return sendOn(res, link.refreshUrl);
  const main = `<p>Stripe would ask here who owns the business, and to which bank account its money goes.</p>
      <form method="post" class="ways"><button>Complete the account</button></form>
      <p><a href="${escaped(link.returnUrl)}">Come back later</a></p>`;
  sendPage(res, { title: "Set up payments", main });
}
