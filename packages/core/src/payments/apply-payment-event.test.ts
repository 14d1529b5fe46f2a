import { randomUUID } from "node:crypto";
import type { ProviderEvent } from "@reminder-app/payments/gateway";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@reminder-app/platform/clock";
import { type GivenPayable, givenPayable, quietSince } from "@reminder-app/testing/given-payable";
import { paymentEventsOf } from "@reminder-app/testing/given-payment-account";
import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { overduePaymentRepo } from "../system/overdue-payments.repo.ts";
import { applyPaymentEvent, recordPaymentEventCrash } from "./apply-payment-event.ts";
import { getPaymentAccount } from "./get-payment-account.ts";
import { storePaymentEvent } from "./store-payment-event.ts";

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

async function givenSession(to: GivenPayable = given) {
  const id = await to.request();
  await to.click(id);
  return { id, session: (await to.sessions()).at(-1)?.id ?? "" };
}

const stored = (about: ProviderEvent["about"], to: GivenPayable = given) => to.store(about);

type EventId = Awaited<ReturnType<typeof stored>>;
const apply = (id: EventId, to: GivenPayable = given) => applyPaymentEvent(to.job, to.deps, id);
const results = async (of: GivenPayable = given) =>
  (await paymentEventsOf(of.ctx.businessId)).map(({ result }) => result);
/** How the job's clock stands so much later. */
const later = (ms: number) => ({
  ...given.job,
  now: () => new Date(Date.now() + ms),
  real: () => new Date(Date.now() + ms),
});

test("events that come three times, in any order and at the same moment make one payment and the right sums (H3)", async () => {
  const { id, session } = await givenSession();
  const { id: payment } = await stripe.pay(session);
  await stripe.refund(payment, 2_500);
  const ids = await Promise.all(
    Array.from({ length: 9 }, (_, index) =>
      stored(index % 2 === 0 ? { kind: "payment", id: payment } : { kind: "checkout", id: session }),
    ),
  );
  await Promise.all([...ids.toReversed(), ...ids, ...ids].map((one) => apply(one)));
  expect(await given.payments()).toMatchObject([
    { providerRef: payment, state: "succeeded", amount: 10_000, refunded: 2_500, currency: "GBP" },
  ]);
  expect(await given.standing(id)).toEqual({ state: "open", paid: 7_500, processing: 0, isBeingPaid: false });
  expect(await results()).toEqual(ids.map(() => "applied"));
  const trail = await given.shop.auditTrail();
  expect(trail.filter((action) => action === "payment.moved")).toHaveLength(1);
});

test("an old event changes nothing: what is true is asked, not read (H3)", async () => {
  const { id, session } = await givenSession();
  const { id: payment } = await stripe.pay(session, { by: "debit" });
  const begun = await stored({ kind: "payment", id: payment });
  await stripe.settle(payment, false);
  const failed = await stored({ kind: "payment", id: payment });
  await stored({ kind: "checkout", id: session }).then(apply);
  await apply(failed);
  await apply(begun);
  expect(await given.payments()).toMatchObject([{ state: "failed" }]);
  expect(await given.standing(id)).toMatchObject({ state: "open", paid: 0, processing: 0 });
  expect(await given.click(id)).toMatchObject({ kind: "open" });
});

test("a card that is declined moves nothing, and the next one pays on the same page (H3)", async () => {
  const { id, session } = await givenSession();
  const { id: payment } = await stripe.pay(session, { by: "declined" });
  await apply(await stored({ kind: "payment", id: payment }));
  expect([await given.payments(), await given.checkouts()]).toEqual([[], ["open"]]);
  await stripe.pay(session);
  await apply(await stored({ kind: "payment", id: payment }));
  expect(await given.standing(id)).toMatchObject({ state: "paid", paid: 10_000 });
});

test("what was paid in another amount or currency than was asked for is kept, and pays nothing by itself (H3)", async () => {
  const [less, foreign] = [await givenSession(), await givenSession()];
  const payments = [
    await stripe.pay(less.session, { amount: 9_000 }),
    await stripe.pay(foreign.session, { currency: "usd" }),
  ];
  for (const { id } of payments) await apply(await stored({ kind: "payment", id }));
  expect(await given.payments()).toMatchObject([
    { amount: 9_000, currency: "GBP" },
    { amount: 10_000, currency: "USD" },
  ]);
  for (const { id } of [less, foreign]) expect(await given.standing(id)).toMatchObject({ state: "open", paid: 0 });
});

test("an event of one business's account never touches another business, whatever it names (H7, S51, J6)", async () => {
  const rival = await givenPayable(stripe);
  const { id, session } = await givenSession();
  const { id: payment } = await stripe.pay(session);
  // Its account holds a payment that calls itself ours.
  const [ours] = await stripe.payments(given.accountId);
  const forged = await rival.deps.gateway.createCheckout(
    { kind: "own_key", accountId: rival.accountId, secretKey: rival.secretKey },
    {
      key: ours?.metadata["checkout"] ?? "",
      currency: "GBP",
      lines: [{ description: "Forged", amount: 10_000 }],
      expiresAt: new Date(Date.now() + HOUR_MS),
      successUrl: "https://rival.example",
      cancelUrl: "https://rival.example",
    },
  );
  if (forged.kind !== "done") throw new Error("The session could not be made");
  const { id: forgedPayment } = await stripe.pay(forged.value.sessionId);
  for (const about of [
    { kind: "payment", id: forgedPayment },
    { kind: "checkout", id: session },
    { kind: "checkout", id: forged.value.sessionId },
  ] as const)
    await apply(await stored(about, rival), rival);
  // The provider itself does not show it what is ours.
  expect(await apply(await stored({ kind: "payment", id: payment }, rival), rival)).toBeInstanceOf(Date);
  expect(await results(rival)).toEqual(["ignored", "ignored", "ignored", null]);
  expect([await rival.payments(), await given.payments()]).toEqual([[], []]);
  expect(await given.standing(id)).toMatchObject({ paid: 0 });

  const mine = await stored({ kind: "payment", id: payment });
  expect(await apply(mine, rival)).toBeUndefined();
  expect(await results()).toEqual([null]);
  await apply(mine);
  expect(await given.standing(id)).toMatchObject({ state: "paid" });
});

test("an event is stored for the account and mode of its business alone, and once (S51)", async () => {
  const about = { kind: "payment", id: "pi_1" } as const;
  const event = { eventKey: `evt_${randomUUID()}`, type: "of.stripe", liveMode: false, about };
  const store = (changes: Partial<ProviderEvent>, kind: "own_key" | "connect" = "own_key") =>
    storePaymentEvent(given.job, { ...event, ...changes }, kind);
  expect(await store({ liveMode: true })).toEqual({ kind: "foreign" });
  expect(await store({ accountId: "acct_other" })).toEqual({ kind: "foreign" });
  expect(await store({}, "connect")).toEqual({ kind: "foreign" });
  expect(await store({ about: { kind: "other", id: "prod_1" } })).toEqual({ kind: "foreign" });
  expect(await store({ accountId: given.accountId })).toMatchObject({ kind: "stored" });
  expect(await store({})).toEqual({ kind: "known" });
});

test("while the provider is away an event waits, longer and longer, and is found by the sweep (H3)", async () => {
  const { id, session } = await givenSession();
  const { id: payment } = await stripe.pay(session);
  const event = await stored({ kind: "payment", id: payment });
  await stripe.script("getPayment", { then: "server_error" });
  const waits = [];
  for (const passed of [0, 30 * MINUTE_MS, 10 * HOUR_MS]) {
    const again = await applyPaymentEvent(later(passed), given.deps, event);
    waits.push(Math.round(((again?.getTime() ?? 0) - Date.now() - passed) / MINUTE_MS));
  }
  expect(waits).toEqual([1, 15, 60]);
  const due = await overduePaymentRepo(given.ctx.db).eventsToApply(later(MINUTE_MS).now(), MANY);
  expect(due).toContainEqual({ businessId: given.ctx.businessId, id: event });
  await stripe.script("getPayment", {});
  expect(await apply(event)).toBeUndefined();
  expect(await given.standing(id)).toMatchObject({ state: "paid" });
});

test("an event that can never be asked about is filed as failed after three days (H3)", async () => {
  const event = await stored({ kind: "payment", id: "pi_that_nobody_knows" });
  expect(await applyPaymentEvent(later(2 * DAY_MS), given.deps, event)).toBeInstanceOf(Date);
  expect(await applyPaymentEvent(later(3 * DAY_MS + MINUTE_MS), given.deps, event)).toBeUndefined();
  expect(await results()).toEqual(["failed"]);
});

test("an event whose application crashes three times is filed as failed, and blocks nobody (H3)", async () => {
  const event = await stored({ kind: "payment", id: "pi_1" });
  const crashes = [];
  for (let count = 0; count < 4; count += 1) crashes.push(await recordPaymentEventCrash(given.job, event));
  expect(crashes.map((again) => again instanceof Date)).toEqual([true, true, false, false]);
  expect(await results()).toEqual(["failed"]);
});

test("an event about the account tells whether clients can pay now, and so does losing it (H7)", async () => {
  const tell = async () => apply(await stored({ kind: "account", id: given.accountId }));
  const isEnabled = async () => (await getPaymentAccount(given.ctx, given.deps))?.chargesEnabled;
  await stripe.setCharges(given.accountId, false);
  await tell();
  expect(await isEnabled()).toBe(false);
  await stripe.setCharges(given.accountId, true);
  await tell();
  expect(await isEnabled()).toBe(true);
  await stripe.script("getAccount", { then: "refuse" });
  await tell();
  expect(await isEnabled()).toBe(false);
  await stripe.script("getAccount", {});
});

test("an event of an account that was removed meanwhile is left alone (H7)", async () => {
  const { id, session } = await givenSession();
  const { id: payment } = await stripe.pay(session);
  const event = await stored({ kind: "payment", id: payment });
  await given.useAccount(stripe.ownAccount().secretKey);
  expect(await apply(event)).toBeUndefined();
  expect(await results()).toEqual(["ignored"]);
  // It was counted before the account went.
  expect(await given.standing(id)).toMatchObject({ state: "paid" });
});

test("a payment on its way that nobody has spoken of for a day is asked after (H3, H5)", async () => {
  const { id, session } = await givenSession();
  const { id: payment } = await stripe.pay(session, { by: "debit" });
  await apply(await stored({ kind: "payment", id: payment }));
  const due = async () => {
    const rows = await overduePaymentRepo(given.ctx.db).paymentsToAskAfter(new Date(), MANY);
    return rows.filter(({ businessId }) => businessId === given.ctx.businessId);
  };
  expect(await due()).toEqual([]);
  const [row] = await given.payments();
  if (!row) throw new Error("There is no payment");
  await quietSince(given, row.id, new Date(Date.now() - DAY_MS));
  expect(await due()).toEqual([{ businessId: given.ctx.businessId, id: row.id }]);
  await given.reviewPayments();
  expect([await due(), (await given.standing(id)).processing]).toEqual([[], 10_000]);
  await stripe.settle(payment, true);
  await quietSince(given, row.id, new Date(Date.now() - DAY_MS));
  await given.reviewPayments();
  expect([await due(), await given.standing(id)]).toMatchObject([[], { state: "paid", paid: 10_000 }]);
});
