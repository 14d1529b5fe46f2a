import { defaultPaymentPolicy } from "@reminder-app/db/schema/payment-policy";
import { accepted, delivererFor, deliveriesOf, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import {
  type GivenOwed,
  aCheckout,
  aProvider,
  givenOwed,
  payByHand,
  payOnline,
  standingOf,
} from "@reminder-app/testing/given-payments";
import { planNow } from "@reminder-app/testing/given-sequence";
import { expect, test } from "vitest";
import { closeAssignment, reopenAssignment } from "../assignments/change-assignment.ts";
import { holdAssignment } from "../assignments/hold-assignment.ts";
import { endHold } from "../assignments/release-assignment.ts";
import { RECEIPT_STEP } from "../deliveries/receipts.ts";
import { pageTasks } from "../tasks/page-tasks.ts";
import { cancelPaymentRequest, changePaymentRequest } from "./change-payment-request.ts";
import { removePayment } from "./record-payment.ts";

const FIRST_STEP = "2027-03-08T09:00:00Z";

/** A client whose first reminder waits to be sent. */
async function givenDunned(policy = {}): Promise<GivenOwed> {
  const shop = await givenBusiness({ paymentPolicy: { ...defaultPaymentPolicy, ...policy } });
  const owed = await givenOwed({ shop });
  shop.clock.set(FIRST_STEP);
  await planNow(shop, owed.reminder.id);
  return owed;
}

/** The reminders of what is owed, without thanks for what was paid. */
async function dunningOf({ shop, reminder }: GivenOwed) {
  const all = await deliveriesOf(shop, reminder.id);
  return all.filter(({ stepId }) => stepId !== RECEIPT_STEP);
}

async function sendNext(owed: GivenOwed): Promise<string[]> {
  const waiting = (await dunningOf(owed)).filter(({ state }) => state === "queued");
  const { channel, calls } = scriptedChannel(waiting.map(() => accepted));
  for (const delivery of waiting) await delivererFor(owed.shop, channel)(delivery);
  return calls.map(({ content }) => content.text);
}

const tasksOf = async ({ shop }: GivenOwed) => (await pageTasks(shop.ctx, { limit: 10 })).items.map(({ kind }) => kind);

test("after 40 of 100 were paid the next reminder says 60, also one that waited already (B3)", async () => {
  const owed = await givenDunned();
  await payByHand(owed, 4_000);
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "open", paid: 4_000 },
    assignment: { state: "open", amount: 6_000, hold: null },
  });
  expect(await sendNext(owed)).toEqual([expect.stringContaining("£60.00 is due")]);
});

test("where the policy pauses after a part payment, nothing is sent for so many days, and then the rest is asked for (B3)", async () => {
  const owed = await givenDunned({ pauseDaysAfterPart: 2 });
  await payByHand(owed, 4_000);
  const { assignment } = await standingOf(owed);
  expect(assignment).toMatchObject({ hold: "part_payment", holdUntil: new Date("2027-03-11T00:00:00Z") });
  expect(await dunningOf(owed)).toMatchObject([{ state: "queued", reason: "part_payment" }]);
  owed.shop.clock.set("2027-03-11T09:00:00Z");
  await endHold(owed.shop.ctx, owed.key);
  await planNow(owed.shop, owed.reminder.id);
  expect((await standingOf(owed)).assignment.hold).toBeNull();
  const texts = await sendNext(owed);
  expect(texts.at(-1)).toContain("£60.00 is due");
});

test("while a bank debit is on its way nothing is sent; when it has failed the chase goes on, with a task (B4)", async () => {
  const owed = await givenDunned();
  const debit = payOnline(owed, 10_000);
  await debit.tells({ state: "processing" });
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "open", paid: 0, processing: 10_000 },
    assignment: { state: "open", amount: 10_000, payingAt: new Date(FIRST_STEP) },
  });
  expect(await dunningOf(owed)).toMatchObject([{ state: "queued", reason: "payment_on_its_way" }]);
  expect(await sendNext(owed)).toEqual([]);

  await debit.tells({ state: "failed", failure: "insufficient_funds" });
  expect(await standingOf(owed)).toMatchObject({
    request: { processing: 0 },
    assignment: { state: "open", payingAt: null },
  });
  expect(await tasksOf(owed)).toEqual(["payment_failed"]);
  expect(await sendNext(owed)).toEqual([expect.stringContaining("£100.00 is due")]);
});

test("a bank debit that succeeds ends the chase (B4, B1)", async () => {
  const owed = await givenDunned();
  const debit = payOnline(owed, 10_000);
  await debit.tells({ state: "processing" });
  await debit.tells({});
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "paid", processing: 0 },
    assignment: { state: "done", closedBecause: "paid", payingAt: null, amount: 0 },
  });
  expect(await dunningOf(owed)).toMatchObject([{ state: "cancelled", reason: "paid" }]);
  expect(await tasksOf(owed)).toEqual([]);
});

test.each([
  ["hold", { state: "open", amount: 2_500, hold: "refunded" }, ["refunded"]],
  ["reopen", { state: "open", amount: 2_500, hold: null }, []],
] as const)("after a refund the chase is begun again by the policy %s (H5)", async (afterRefund, assignment, tasks) => {
  const owed = await givenDunned({ afterRefund });
  const payment = payOnline(owed, 10_000);
  await payment.tells({});
  await payment.tells({ refunded: 2_500 });
  await payment.tells({ refunded: 2_500 });
  expect(await standingOf(owed)).toMatchObject({ request: { state: "open", paid: 7_500, paidAt: null }, assignment });
  expect(await tasksOf(owed)).toEqual(tasks);
});

test("while a dispute is open the chase is held, with a task; won, it is over again (H5)", async () => {
  const owed = await givenDunned();
  const payment = payOnline(owed, 10_000);
  await payment.tells({});
  await payment.tells({ disputed: 10_000, disputeOpen: true });
  await payment.tells({ disputed: 10_000, disputeOpen: true });
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "open", paid: 0, disputed: 10_000 },
    assignment: { state: "open", hold: "bank_dispute", holdUntil: null },
  });
  expect(await tasksOf(owed)).toEqual(["payment_disputed"]);
  await payment.tells({});
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "paid", paid: 10_000, disputed: 0 },
    assignment: { state: "done", closedBecause: "paid", hold: null },
  });
});

test.each([
  ["hold", "refunded"],
  ["reopen", null],
] as const)("after a lost dispute the chase follows the policy %s (H5)", async (afterRefund, hold) => {
  const owed = await givenDunned({ afterRefund });
  const payment = payOnline(owed, 10_000);
  await payment.tells({});
  await payment.tells({ disputed: 10_000, disputeOpen: true });
  await payment.tells({ disputed: 10_000, disputeOpen: false });
  expect((await standingOf(owed)).assignment).toMatchObject({ state: "open", amount: 10_000, hold });
});

test("an inquiry of the bank that withholds nothing holds the chase until it is closed, and ends no hold that staff chose (H5)", async () => {
  const owed = await givenDunned();
  const payment = payOnline(owed, 4_000);
  await payment.tells({});
  await payment.tells({ disputeOpen: true });
  expect((await standingOf(owed)).assignment).toMatchObject({ hold: "bank_dispute", amount: 6_000 });
  await payment.tells({});
  expect((await standingOf(owed)).assignment).toMatchObject({ hold: null, amount: 6_000 });
  await holdAssignment(owed.shop.ctx, owed.key, { reason: "dispute" });
  await payByHand(owed, 1_000);
  expect((await standingOf(owed)).assignment).toMatchObject({ hold: "dispute", amount: 5_000 });
});

test("a refund of a payment for several things is missing from the last one (H4, H5)", async () => {
  const owed = await givenDunned({ afterRefund: "reopen" });
  const other = await givenOwed({ shop: owed.shop, clientId: owed.clientId, amount: 5_000, dueOn: "2027-04-11" });
  const parts = [
    { paymentRequestId: owed.requestId, amount: 10_000 },
    { paymentRequestId: other.requestId, amount: 5_000 },
  ];
  const payment = aProvider(owed, aCheckout(owed, parts));
  await payment.tells({});
  await payment.tells({ refunded: 6_000 });
  expect((await standingOf(owed)).request).toMatchObject({ state: "open", paid: 9_000 });
  expect((await standingOf(other)).request).toMatchObject({ state: "open", paid: 0 });
});

test("what staff mark as paid is noted as a payment of the rest, so that ledger and chase agree (B8)", async () => {
  const owed = await givenDunned();
  await payByHand(owed, 4_000);
  await closeAssignment(owed.shop.ctx, owed.key, "paid");
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "paid", paid: 10_000 },
    assignment: { state: "done", closedBecause: "paid", amount: 0 },
  });
  await expect(reopenAssignment(owed.shop.ctx, owed.key)).rejects.toMatchObject({ code: "conflict" });
});

test("a payment that was noted by mistake is owed again, and the chase goes on without a hold (B8)", async () => {
  const owed = await givenDunned();
  const { id } = await payByHand(owed, 10_000);
  expect((await standingOf(owed)).assignment.state).toBe("done");
  await removePayment(owed.shop.ctx, id);
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "open", paid: 0 },
    assignment: { state: "open", amount: 10_000, hold: null },
  });
  const online = await payOnline(owed, 10_000).tells({});
  const stripes = online.kind === "applied" ? online.payment.id : id;
  await expect(removePayment(owed.shop.ctx, stripes)).rejects.toMatchObject({ code: "conflict" });
});

test("what is asked for besides is chased, and what is cancelled is not (H4, B1)", async () => {
  const owed = await givenDunned();
  await payByHand(owed, 10_000);
  const items = [{ description: "All of it", amount: 11_000 }];
  await changePaymentRequest(owed.shop.ctx, owed.requestId, { items });
  expect((await standingOf(owed)).assignment).toMatchObject({ state: "open", amount: 1_000, hold: null });
  await cancelPaymentRequest(owed.shop.ctx, owed.requestId);
  expect(await standingOf(owed)).toMatchObject({ request: { state: "cancelled" }, assignment: { state: "cancelled" } });
});

test.each(["JPY", "KWD"])("amounts of %s are the minor units that they are everywhere (H10, B3)", async (currency) => {
  const owed = await givenOwed({ currency, amount: 12_345 });
  owed.shop.clock.set(FIRST_STEP);
  await planNow(owed.shop, owed.reminder.id);
  await payByHand(owed, 345, { currency });
  expect((await standingOf(owed)).assignment).toMatchObject({ amount: 12_000, currency });
  const [text] = await sendNext(owed);
  expect(text?.replaceAll(/\s/g, " ")).toContain(currency === "JPY" ? "JP¥12,000 is due" : "KWD 12.000 is due");
});
