import { DAY_MS } from "@reminder-app/platform/clock";
import { type GivenPayable, changeCheckout, checkoutsOf, givenPayable } from "@reminder-app/testing/given-payable";
import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

let stripe: GivenStripe;
beforeAll(async () => {
  stripe = await givenStripe();
});
afterAll(() => stripe.close());

const inParts = { policy: { leastPart: 1_000 } };

let given: GivenPayable;
beforeEach(async () => {
  given = await givenPayable(stripe);
});

/** The session that a client is looking at. */
async function openSession({ sessions } = given): Promise<string> {
  const open = (await sessions()).filter(({ status }) => status === "open");
  expect(open).toHaveLength(1);
  return open[0]?.id ?? "";
}

test("20 clicks at once lead to one page, which is paid once (H2)", async () => {
  const id = await given.request();
  const answers = await Promise.all(Array.from({ length: 20 }, () => given.click(id)));
  const [session, ...others] = await given.sessions();
  expect(others).toEqual([]);
  expect(answers).toEqual(answers.map(() => ({ kind: "open", url: session?.url })));
  expect(session).toMatchObject({ amount_total: 10_000, currency: "gbp" });
});

test("of two tabs one pays; the other one is told at its next click, before any webhook (H2, H3)", async () => {
  const id = await given.request();
  const [first, second] = [await given.click(id), await given.click(id)];
  expect(second).toEqual(first);
  const session = await openSession();
  await stripe.pay(session);
  await expect(stripe.pay(session)).rejects.toThrow("The session is complete");
  expect(await given.click(id)).toEqual({ kind: "paid" });
  expect(await given.standing(id)).toEqual({ state: "paid", paid: 10_000, processing: 0, isBeingPaid: false });
  expect(await given.payments()).toMatchObject([{ state: "succeeded", amount: 10_000, currency: "GBP" }]);
});

test("a debit on its way is told, and cannot be paid once more (H2, H5)", async () => {
  const id = await given.request();
  await given.click(id);
  await stripe.pay(await openSession(), { by: "debit" });
  expect(await given.click(id)).toEqual({ kind: "processing" });
  expect(await given.standing(id)).toMatchObject({ state: "open", paid: 0, processing: 10_000 });
});

test("who wants to pay another amount gets another page, and the one before can be paid no more (H4)", async () => {
  const id = await given.request(inParts);
  await given.click(id, 2_000);
  const before = await openSession();
  expect(await given.click(id, 3_000)).toMatchObject({ kind: "open" });
  await expect(stripe.pay(before)).rejects.toThrow("The session is expired");
  await stripe.pay(await openSession());
  expect(await given.click(id)).toMatchObject({ kind: "open" });
  expect((await given.sessions()).map((session) => session.amount_total)).toEqual([2_000, 3_000, 7_000]);
  expect(await given.standing(id)).toMatchObject({ state: "open", paid: 3_000 });
});

test("what was paid on the page before it could be closed counts, and only the rest is asked for (H2, H4)", async () => {
  const id = await given.request(inParts);
  await given.click(id, 2_000);
  await stripe.pay(await openSession());
  expect(await given.click(id)).toMatchObject({ kind: "open" });
  expect((await given.sessions()).at(-1)).toMatchObject({ status: "open", amount_total: 8_000 });
});

test("a request is covered by one page, also when several are paid at once (H4)", async () => {
  const [one, other] = [await given.request(), await given.request({ items: [{ description: "VAT", amount: 500 }] })];
  await given.click(one);
  await given.ask([{ paymentRequestId: other }, { paymentRequestId: one }]);
  expect((await given.sessions()).map(({ status, amount_total: amount }) => [status, amount])).toEqual([
    ["expired", 10_000],
    ["open", 10_500],
  ]);
  await stripe.pay(await openSession());
  expect(await given.click(other)).toEqual({ kind: "paid" });
  expect(await given.standing(one)).toMatchObject({ state: "paid", paid: 10_000 });
  expect(await given.standing(other)).toMatchObject({ state: "paid", paid: 500 });
});

test("a click after 60 days works: the page of then has ended, and a new one asks for today's balance (H2)", async () => {
  const id = await given.request();
  await given.click(id);
  await stripe.expire(await openSession());
  const [checkout] = await checkoutsOf(given);
  await changeCheckout(given, checkout?.id ?? never(), { expiresAt: new Date(Date.now() - 59 * DAY_MS) });
  given.shop.clock.advance(60 * DAY_MS);
  await given.byHand(id, 2_500);
  expect(await given.click(id)).toMatchObject({ kind: "open" });
  expect((await given.sessions()).map(({ status, amount_total: amount }) => [status, amount])).toEqual([
    ["expired", 10_000],
    ["open", 7_500],
  ]);
  expect(await given.checkouts()).toEqual(["expired", "open"]);
});

test("cut off before it heard the provider's answer, the next click finds the same page (H2)", async () => {
  const id = await given.request();
  await stripe.script("createCheckout", { outcomes: ["accept_then_drop", "accept_then_drop"] });
  expect(await given.click(id)).toEqual({ kind: "unavailable", reason: "provider_away" });
  expect(await given.checkouts()).toEqual(["making"]);
  const [session] = await given.sessions();
  expect(await given.click(id)).toEqual({ kind: "open", url: session?.url });
  expect(await given.sessions()).toHaveLength(1);
  expect(await given.checkouts()).toEqual(["open"]);
});

test("cut off and then asked for from another page, the one that nobody saw is given up (H2)", async () => {
  const id = await given.request();
  await stripe.script("createCheckout", { outcomes: ["accept_then_drop", "accept_then_drop"] });
  await given.ask([{ paymentRequestId: id }], { page: "first" });
  const answer = await given.ask([{ paymentRequestId: id }], { page: "second" });
  const [, session, ...others] = await given.sessions();
  expect([answer, others]).toEqual([{ kind: "open", url: session?.url }, []]);
  expect(await given.checkouts()).toEqual(["expired", "open"]);
});

test("an amount that the provider does not take is told, and stands in nobody's way (H10)", async () => {
  const id = await given.request(inParts);
  await stripe.script("createCheckout", { outcomes: ["refuse"] });
  expect(await given.click(id, 1_000)).toEqual({ kind: "unavailable", reason: "provider_refused" });
  expect(await given.click(id)).toMatchObject({ kind: "open" });
});

test("without an account, or with a key that was taken away, nothing is opened (H7)", async () => {
  const id = await given.request();
  await stripe.setCharges(given.accountId, false);
  await stripe.script("createCheckout", { outcomes: ["refuse"] });
  expect(await given.click(id)).toEqual({ kind: "unavailable", reason: "provider_refused" });
  expect(await given.click(id)).toEqual({ kind: "unavailable", reason: "no_account" });
  expect(await given.sessions()).toEqual([]);
});

test("requests of another client and of another business are not found (H7, J6)", async () => {
  const rival = await givenPayable(stripe);
  const [theirs, id] = [await rival.request(), await given.request()];
  await expect(given.click(theirs)).rejects.toMatchObject({ code: "not_found" });
  const { id: clientId } = await given.shop.client();
  await expect(given.ask([{ paymentRequestId: id }], { clientId })).rejects.toMatchObject({ code: "not_found" });
  expect(await given.click(id)).toMatchObject({ kind: "open" });
  expect(await rival.sessions()).toEqual([]);
});

function never(): never {
  throw new Error("There is no checkout");
}
