import { type Id, newId } from "@reminder-app/platform/ids";
import { HOUR_MS, MINUTE_MS } from "@reminder-app/platform/clock";
import { type GivenPayable, changeCheckout, checkoutsOf, givenPayable } from "@reminder-app/testing/given-payable";
import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { overduePaymentRepo } from "../system/overdue-payments.repo.ts";
import { OwnKeyInput, putOwnKey } from "./put-own-key.ts";
import { removePaymentAccount } from "./remove-payment-account.ts";
import { reviewCheckout } from "./review-checkout.ts";

const MANY = 100_000;

let stripe: GivenStripe;
let given: GivenPayable;
beforeAll(async () => {
  stripe = await givenStripe();
});
beforeEach(async () => {
  given = await givenPayable(stripe);
});
afterAll(() => stripe.close());

const statuses = async () => (await given.sessions()).map(({ status }) => status);

/** A request whose page is open, and the session of that page. */
async function givenOpen() {
  const id = await given.request();
  await given.click(id);
  const session = (await given.sessions()).at(-1)?.id ?? "";
  return { id, session };
}

/** What the sweep finds of this business after so long. */
async function found(laterMs = 0): Promise<Id<"Checkout">[]> {
  const now = new Date(Date.now() + laterMs);
  const rows = await overduePaymentRepo(given.ctx.db).checkoutsToReview(now, MANY);
  return rows.filter(({ businessId }) => businessId === given.ctx.businessId).map(({ id }) => id);
}

async function review(laterMs = 0) {
  const ids = await found(laterMs);
  const job = { ...given.job, real: () => new Date(Date.now() + laterMs) };
  return Promise.all(ids.map((id) => reviewCheckout(job, given.deps, id)));
}

test("what was paid by hand while its page was open can be paid there no more (H2)", async () => {
  const { id, session } = await givenOpen();
  await given.byHand(id, 10_000);
  expect(await given.followUp(id)).toBeUndefined();
  await expect(stripe.pay(session)).rejects.toThrow("The session is expired");
  expect([await statuses(), await given.checkouts()]).toEqual([["expired"], ["expired"]]);
});

test("what was paid there in the same moment counts too, and nothing of it is lost (H2, H4)", async () => {
  const { id, session } = await givenOpen();
  await given.byHand(id, 10_000);
  await stripe.pay(session);
  expect(await given.followUp(id)).toBeUndefined();
  expect(await given.standing(id)).toMatchObject({ state: "paid", paid: 20_000 });
  expect(await given.checkouts()).toEqual(["completed"]);
});

test("a page that could not be closed at once is closed by the sweep (H2)", async () => {
  const { id } = await givenOpen();
  await given.byHand(id, 10_000);
  await stripe.script("getCheckout", { outcomes: ["server_error", "server_error"] });
  expect(await given.followUp(id)).toBeInstanceOf(Date);
  expect(await review()).toEqual([undefined]);
  expect([await statuses(), await found()]).toEqual([["expired"], []]);
});

test("a page stays open while all that it asks for is still owed, and is looked at once (H4)", async () => {
  const id = await given.request({ policy: { leastPart: 1_000 } });
  await given.click(id, 2_000);
  expect(await found()).toEqual([]);
  given.shop.clock.advance(MINUTE_MS);
  await given.byHand(id, 5_000);
  expect(await found()).toHaveLength(1);
  expect(await review()).toEqual([undefined]);
  expect([await statuses(), await found()]).toEqual([["open"], []]);
});

test("a checkout whose making was cut off is given up after a minute: nobody was shown it (H2)", async () => {
  const id = await given.request();
  await stripe.script("createCheckout", { outcomes: ["accept_then_drop", "accept_then_drop"] });
  await given.click(id);
  expect(await found()).toEqual([]);
  await review(2 * MINUTE_MS);
  expect([await given.checkouts(), await given.standing(id)]).toMatchObject([["expired"], { isBeingPaid: false }]);
  expect(await given.click(id)).toMatchObject({ kind: "open" });
});

test("a page whose time is over is asked after, and what was paid there unheard counts (H2, H3)", async () => {
  const [paid, unpaid] = [await givenOpen(), await givenOpen()];
  await stripe.pay(paid.session);
  await stripe.expire(unpaid.session);
  expect(await found()).toEqual([]);
  await review(24 * HOUR_MS);
  expect(await given.standing(paid.id)).toMatchObject({ state: "paid", paid: 10_000 });
  expect(await given.standing(unpaid.id)).toMatchObject({ state: "open", paid: 0, isBeingPaid: false });
  expect(await found(24 * HOUR_MS)).toEqual([]);
});

test("while the provider is away a page is looked at again later, and given up only when it is surely over (H2)", async () => {
  await givenOpen();
  const [checkout] = await checkoutsOf(given);
  await changeCheckout(given, checkout?.id ?? newId(), { sessionId: "cs_test_that_nobody_knows" });
  const [again] = await review(23 * HOUR_MS + MINUTE_MS);
  expect(again).toBeInstanceOf(Date);
  expect(await given.checkouts()).toEqual(["open"]);
  expect(await review(25 * HOUR_MS)).toEqual([undefined]);
  expect(await given.checkouts()).toEqual(["expired"]);
});

test("before another account takes its place, the pages of an account are closed (H7)", async () => {
  const { id, session } = await givenOpen();
  const other = stripe.ownAccount();
  await putOwnKey(given.ctx, given.deps, OwnKeyInput.parse({ secretKey: other.secretKey }));
  await expect(stripe.pay(session)).rejects.toThrow("The session is expired");
  expect(await given.click(id)).toMatchObject({ kind: "open" });
  expect(await stripe.sessions(other.accountId)).toHaveLength(1);
});

test("an account is kept while a payment into it is on its way, and goes when that has arrived (H5, H7)", async () => {
  const { id, session } = await givenOpen();
  const { id: payment } = await stripe.pay(session, { by: "debit" });
  await expect(removePaymentAccount(given.ctx, given.deps)).rejects.toMatchObject({ code: "conflict" });
  expect(await given.standing(id)).toMatchObject({ processing: 10_000 });
  await stripe.settle(payment, true);
  await given.reviewPayments();
  expect(await given.standing(id)).toMatchObject({ state: "paid", processing: 0 });
  await removePaymentAccount(given.ctx, given.deps);
  expect(await given.click(await given.request())).toEqual({ kind: "unavailable", reason: "no_account" });
});

test("an account whose key was taken away at the provider can be removed all the same (H7)", async () => {
  await givenOpen();
  await stripe.script("*", { then: "refuse" });
  await removePaymentAccount(given.ctx, given.deps);
  await stripe.script("*", {});
  expect(await given.checkouts()).toEqual(["expired"]);
  expect(await given.shop.auditTrail()).toContain("payment_account.removed");
});
