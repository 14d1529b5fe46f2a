import { z } from "zod";
import { type Exchange, checked, readBody, readJson, sendJson } from "../http-exchange.ts";
import type { Route } from "../http-server.ts";
import { setCharges } from "./accounts.ts";
import type { Bank } from "./bank.ts";
import { expireCheckout } from "./checkouts.ts";
import { conductSchema, endpointSchema, plainConduct } from "./conduct.ts";
import { decideDispute, openDispute } from "./disputes.ts";
import type { Events } from "./events.ts";
import { StripeFailure, sendFailure } from "./failure.ts";
import { sendOn } from "./html.ts";
import { bookWith, listCheckouts, listPayments } from "./listing.ts";
import type { Application } from "./objects.ts";
import { payCheckout, settleDebit } from "./payments.ts";
import { createRefund, failRefund } from "./refunds.ts";
import { type StripeScripts, operations, stripeScriptSchema } from "./scripts.ts";

interface ControlDeps {
  readonly bank: Bank;
  readonly events: Events;
  readonly scripts: StripeScripts;
}

type Act = (id: string, exchange: Exchange) => Promise<unknown>;

const application: Application = { id: "ca_sandbox", object: "application", name: "Reminder App" };
const amount = z.int().min(1);
const payBody = z.strictObject({
  by: z.enum(["card", "declined", "debit"]),
  /** Other than what was asked for. */
  amount: amount.optional(),
  currency: z.string().length(3).toLowerCase().optional(),
});
const disputeBody = z.strictObject({ amount: amount.optional(), isInquiry: z.boolean().default(false) });

/** How tests steer what happens at Stripe, and read it. Amounts are in Stripe's units. Each answers when its webhooks were answered. */
export function stripeControlRoutes(deps: ControlDeps): readonly Route[] {
  const { bank, events, scripts } = deps;
  return [
    read("payments", () => ({ payments: listPayments(bank) })),
    read("checkouts", () => ({ checkouts: listCheckouts(bank) })),
    read("events", () => ({ events: events.list() })),
    ...happenings(deps),
    act("PUT", "endpoints", async (_, { req }) => events.setEndpoint(await readJson(req, endpointSchema))),
    act("PUT", "webhooks", async (_, { req }) => events.setConduct(await readJson(req, conductSchema))),
    act("DELETE", "webhooks", async () => events.setConduct(plainConduct)),
    act("POST", "events/:id/send", async (id, { req }) => {
      const { to } = await readJson(req, z.strictObject({ to: endpointSchema.optional() }));
      return { answers: await events.resend(id, to) };
    }),
    act("PUT", "scripts/:id", async (id, { req }) =>
      scripts.set(checked(z.enum(operations), id), await readJson(req, stripeScriptSchema)),
    ),
    act("DELETE", "scripts", async () => scripts.clear()),
    stepRoute(deps),
  ];
}

/** What payers, banks, firms and Stripe do. */
function happenings({ bank, events }: ControlDeps): readonly Route[] {
  const withPayment = (id: string) => bookWith(bank, "intents", id);
  return [
    act("POST", "checkouts/:id/pay", async (id, { req }) => {
      const { by: means, ...other } = await readJson(req, payBody);
      return payCheckout(bookWith(bank, "checkouts", id), events, { sessionId: id, means, ...other });
    }),
    act("POST", "checkouts/:id/expire", async (id) => {
      const book = bookWith(bank, "checkouts", id);
      const session = expireCheckout(book, id);
      await events.publish(book, [["checkout.session.expired", session]]);
      return session;
    }),
    act("POST", "payments/:id/settle", async (paymentRef, { req }) => {
      const { succeeds } = await readJson(req, z.strictObject({ succeeds: z.boolean() }));
      return settleDebit(withPayment(paymentRef), events, { paymentRef, succeeds });
    }),
    act("POST", "payments/:id/refund", async (id, { req }) => {
      const asked = await readJson(req, z.strictObject({ amount: amount.optional() }));
      const params = { payment_intent: id, ...(asked.amount !== undefined && { amount: String(asked.amount) }) };
      const { refund, told } = createRefund(withPayment(id), events, params);
      await told;
      return refund;
    }),
    act("POST", "refunds/:id/fail", async (id) => failRefund(bookWith(bank, "refunds", id), events, id)),
    act("POST", "payments/:id/dispute", async (paymentRef, { req }) =>
      openDispute(withPayment(paymentRef), events, { paymentRef, ...(await readJson(req, disputeBody)) }),
    ),
    act("POST", "disputes/:id/decide", async (id, { req }) => {
      const { won } = await readJson(req, z.strictObject({ won: z.boolean() }));
      return decideDispute(bookWith(bank, "disputes", id), events, { id, won });
    }),
    act("PUT", "accounts/:id", async (id, { req }) => {
      const body = z.strictObject({ chargesEnabled: z.boolean(), liveMode: z.boolean().default(false) });
      const { chargesEnabled, liveMode } = await readJson(req, body);
      await setCharges(bank.bookOf(id, liveMode), events, chargesEnabled);
    }),
    act("DELETE", "accounts/:id", async (id, { url }) => {
      const book = bank.bookOf(id, url.searchParams.get("liveMode") === "true");
      bank.disconnect(id);
      await events.publish(book, [["account.application.deauthorized", application]]);
    }),
  ];
}

/** A button of the page of payments. */
function stepRoute({ bank, events }: ControlDeps): Route {
  return {
    method: "POST",
    path: /^\/stripe\/payments\/(?<id>[^/]+)$/,
    async handle({ req, res, params }) {
      const id = params["id"] ?? "";
      const form = Object.fromEntries(new URLSearchParams(await readBody(req)));
      const { step } = checked(
        z.object({ step: z.enum(["settle", "fail", "refund", "dispute", "win", "lose"]) }),
        form,
      );
      const book = bookWith(bank, "intents", id);
      const open = [...book.disputes.values()].find(
        (one) => one.payment_intent === id && one.status === "needs_response",
      );
      if (step === "settle" || step === "fail")
        await settleDebit(book, events, { paymentRef: id, succeeds: step === "settle" });
      else if (step === "refund") await createRefund(book, events, { payment_intent: id }).told;
      else if (step === "dispute") await openDispute(book, events, { paymentRef: id, isInquiry: false });
      else if (open) await decideDispute(book, events, { id: open.id, won: step === "win" });
      sendOn(res, "/stripe");
    },
  };
}

function read(what: string, list: () => unknown): Route {
  return {
    method: "GET",
    path: new RegExp(`^/sandbox/stripe/${what}$`),
    handle: ({ res }) => sendJson(res, { body: list() }),
  };
}

/** A route whose `:id` is handed over; what it gives is the answer, 204 when that is nothing. */
function act(method: "POST" | "PUT" | "DELETE", path: string, run: Act): Route {
  return {
    method,
    path: new RegExp(`^/sandbox/stripe/${path.replace(":id", "(?<id>[^/]+)")}$`),
    async handle(exchange) {
      const { res, params } = exchange;
      try {
        const body = await run(params["id"] ?? "", exchange);
        if (body === undefined) res.writeHead(204).end();
        else sendJson(res, { body });
      } catch (error) {
        if (!(error instanceof StripeFailure)) throw error;
        sendFailure(res, error);
      }
    },
  };
}
