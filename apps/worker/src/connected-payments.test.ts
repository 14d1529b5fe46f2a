import { openCheckout } from "@reminder-app/core/payments/open-checkout";
import { paymentAccountRepo } from "@reminder-app/core/payments/payment-accounts.repo";
import { startOnboarding } from "@reminder-app/core/payments/start-onboarding";
import { freePort } from "@reminder-app/testing/free-port";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { paymentDeps } from "@reminder-app/testing/given-payable";
import { type GivenOwed, givenOwed, standingOf } from "@reminder-app/testing/given-payments";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenWorkers, givenWorkers } from "./given-worker.ts";

let given: GivenWorkers;
let deps: ReturnType<typeof paymentDeps>;
beforeAll(async () => {
  given = await givenWorkers({}, { apiPort: await freePort() });
  deps = paymentDeps(given.stripe);
  await given.start();
});
afterAll(async () => {
  await deps.gateway.close();
  await given.close();
});

const patience = { timeout: 25_000, interval: 100 };
const urls = { refreshUrl: "https://firm.example/again", returnUrl: "https://firm.example/done" };

/** A firm that has completed an account under the platform, as its owner does: at Stripe's page. */
async function givenFirm(): Promise<{ shop: GivenBusiness; accountId: string }> {
  const shop = await givenBusiness({ now: new Date().toISOString() });
  const { url } = await startOnboarding(shop.ctx, deps, urls);
  await fetch(url, { method: "POST", redirect: "manual" });
  const account = () => paymentAccountRepo(shop.ctx).find();
  await vi.waitFor(async () => expect(await account()).toMatchObject({ chargesEnabled: true }), patience);
  return { shop, accountId: (await account())?.accountId ?? "" };
}

/** A client who owes 100.00 pounds and has come to the page where they are paid. */
async function givenAtCheckout(shop: GivenBusiness, accountId: string) {
  const dueOn = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
  const owed = await givenOwed({ shop, dueOn });
  const parts = [{ paymentRequestId: owed.requestId }];
  const pages = { successUrl: "https://firm.example/paid", cancelUrl: "https://firm.example/back" };
  const opened = await openCheckout(shop.ctx, deps, { clientId: owed.clientId, parts, ...pages });
  if (opened.kind !== "open") throw new Error(`There is no page: ${JSON.stringify(opened)}`);
  const session = (await given.stripe.sessions(accountId)).at(-1);
  return { owed, sessionId: session?.id ?? "" };
}

const closed = { assignment: { state: "done", amount: 0 }, request: { state: "paid", paid: 10_000, processing: 0 } };

async function until(owed: GivenOwed, expected: object): Promise<void> {
  await vi.waitFor(async () => expect(await standingOf(owed)).toMatchObject(expected), patience);
}

test("with an account under the platform a client pays at Stripe's page, Stripe tells it three times in any order, and the chase ends, paid once (H1, H3, H7, B1)", async () => {
  const { shop, accountId } = await givenFirm();
  const { owed, sessionId } = await givenAtCheckout(shop, accountId);
  await given.stripe.send({ repeat: 3, order: "shuffled" });

  await given.stripe.pay(sessionId);
  await given.stripe.send();

  await until(owed, closed);
  const told = await given.stripe.events(accountId);
  expect(told.filter(({ event }) => event.type === "payment_intent.succeeded")).toMatchObject([
    { answers: [200, 200, 200] },
  ]);
  expect(await given.stripe.payments(accountId)).toMatchObject([{ received: 10_000 }]);
});

test("a bank debit is waited for, fails, and the next way is paid (H1, H5)", async () => {
  const { shop, accountId } = await givenFirm();
  const { owed, sessionId } = await givenAtCheckout(shop, accountId);

  const debit = await given.stripe.pay(sessionId, { by: "debit" });
  await until(owed, { assignment: { state: "open" }, request: { state: "open", processing: 10_000, paid: 0 } });
  await given.stripe.settle(debit.id, false);
  await until(owed, { assignment: { state: "open" }, request: { state: "open", processing: 0, paid: 0 } });

  await openCheckout(shop.ctx, deps, {
    clientId: owed.clientId,
    parts: [{ paymentRequestId: owed.requestId }],
    successUrl: "https://firm.example/paid",
    cancelUrl: "https://firm.example/back",
  });
  await given.stripe.pay((await given.stripe.sessions(accountId)).at(-1)?.id ?? "");
  await until(owed, closed);
  expect((await given.stripe.payments(accountId)).map(({ status }) => status)).toEqual([
    "requires_payment_method",
    "succeeded",
  ]);
});

test("what is forged, old, of the other mode or of another firm's account changes nothing (H3, H7, S51)", async () => {
  const [{ shop, accountId }, rival] = [await givenFirm(), await givenFirm()];
  const { owed, sessionId } = await givenAtCheckout(shop, accountId);
  await given.stripe.send({ otherMode: true });
  const { id } = await given.stripe.pay(sessionId);
  const told = await given.stripe.events(accountId);
  const completed = told.find(({ event }) => event.type === "checkout.session.completed");
  expect(completed).toMatchObject({ event: { livemode: true }, answers: [200] });

  for (const conduct of [{ signature: "wrong" }, { signature: "none" }, { ageSeconds: 301 }] as const) {
    await given.stripe.send(conduct);
    expect(await given.stripe.resend(completed?.event.id ?? "")).toEqual([403]);
  }
  await given.stripe.send();
  const theirs = await givenAtCheckout(rival.shop, rival.accountId);
  await given.stripe.pay(theirs.sessionId);
  await until(theirs.owed, closed);
  expect(await standingOf(owed)).toMatchObject({ assignment: { state: "open" }, request: { state: "open", paid: 0 } });

  // Whatever a true event is about, how the payment stands is asked.
  await given.stripe.dispute(id, { isInquiry: true });
  await until(owed, closed);
});
