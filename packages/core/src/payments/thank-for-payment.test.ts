import { defaultPaymentPolicy } from "@reminder-app/db/schema/payment-policy";
import { aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, deliveriesOf, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { type GivenOwed, givenOwed, payByHand, payOnline, standingOf } from "@reminder-app/testing/given-payments";
import { planNow } from "@reminder-app/testing/given-sequence";
import { expect, test } from "vitest";
import { cancelReminder } from "../reminders/change-status.ts";
import { RECEIPT_STEP } from "../deliveries/receipts.ts";
import { suppressByHand } from "../consent/suppress-by-hand.ts";
import { holdAssignment } from "../assignments/hold-assignment.ts";
import { reportPayments } from "../reports/report-payments.ts";
import { removePayment } from "./record-payment.ts";

const thanksOf = async ({ shop, reminder }: GivenOwed) =>
  (await deliveriesOf(shop, reminder.id)).filter(({ stepId }) => stepId === RECEIPT_STEP);

/** Send what is due of the thanks, and answer what the client read. */
async function read(owed: GivenOwed) {
  const thanks = await thanksOf(owed);
  const { channel, calls } = scriptedChannel(thanks.map(() => accepted));
  const deliver = delivererFor(owed.shop, channel);
  for (const delivery of thanks) await deliver(delivery);
  return calls.map(({ content }) => content);
}

test("a client is thanked once for a payment, however often the provider tells of it (H6)", async () => {
  const owed = await givenOwed();
  const provider = payOnline(owed, 10_000);
  await provider.tells({ state: "processing" });
  expect(await thanksOf(owed)).toEqual([]);
  const first = await provider.tells({});
  await provider.tells({});
  await provider.tells({});
  expect((await standingOf(owed)).assignment).toMatchObject({ state: "done", closedBecause: "paid" });
  expect(await thanksOf(owed)).toMatchObject([{ state: "queued", reason: null }]);
  const [message, ...others] = await read(owed);
  expect(others).toEqual([]);
  expect(message?.subject).toBe("Thank you for your payment of £100.00");
  const { reference } = (await standingOf(owed)).request;
  expect(message?.text).toContain(`£100.00 for Invoice 12 (${reference})`);
  expect(message?.text).toContain("Nothing more is owed for it.");
  expect(first.kind === "applied" && first.payment.amount).toBe(10_000);
});

test("a failed payment is not thanked for (H6)", async () => {
  const owed = await givenOwed();
  await payOnline(owed, 10_000).tells({ state: "failed", failure: "card_declined" });
  expect(await thanksOf(owed)).toEqual([]);
});

test("each part payment is thanked for with what is still owed (H6, B3)", async () => {
  const owed = await givenOwed();
  await payByHand(owed, 4_000);
  expect((await read(owed))[0]?.text).toContain("£60.00 is still to be paid.");
  await payByHand(owed, 6_000);
  expect(await thanksOf(owed)).toHaveLength(2);
});

test.each([
  ["de-DE", "Vielen Dank für Ihre Zahlung von 100,00 £"],
  ["fr", "Merci pour votre paiement de 100,00 £GB"],
  ["es-ES", "Gracias por su pago de 100,00 GBP"],
  ["sv", "Thank you for your payment of £100.00"],
])("thanks are written in the client's language where we have it: %s (H6)", async (locale, subject) => {
  const shop = await givenBusiness();
  const client = await shop.client({ locale });
  const owed = await givenOwed({ shop, clientId: client.id });
  await payByHand(owed, 10_000);
  const [message] = await read(owed);
  expect(message?.subject.replaceAll(/[\u00A0\u202F]/g, " ")).toBe(subject);
});

test("thanks go to the contact for bills, by the channels of the reminder (H6)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client({
    contacts: [aContact({ name: "Ada" }), aContact({ name: "Bill", roles: ["billing"] })],
  });
  const owed = await givenOwed({ shop, clientId: client.id });
  await payByHand(owed, 10_000);
  expect((await read(owed)).map(({ text }) => text.split("\n")[0])).toEqual(["Dear Bill,"]);
});

test("what stops, holds or cancels the chase does not keep thanks back (H6)", async () => {
  const owed = await givenOwed({ reminder: { needsApproval: true } });
  await payByHand(owed, 4_000);
  await holdAssignment(owed.shop.ctx, owed.key, { reason: "dispute" });
  await cancelReminder(owed.shop.ctx, owed.reminder.id);
  expect(await read(owed)).toHaveLength(1);
});

test("thanks wait for the end of quiet hours, and do not go to a suppressed address (H6)", async () => {
  const night = await givenOwed({ shop: await givenBusiness({ quietHours: { start: "08:00", end: "18:00" } }) });
  await payByHand(night, 10_000);
  expect(await thanksOf(night)).toMatchObject([{ state: "queued", reason: "quiet_hours" }]);
  expect(await read(night)).toEqual([]);

  const shop = await givenBusiness();
  const address = "bills@clients.example";
  const client = await shop.client({ contacts: [aContact({ addresses: { email: address } })] });
  const owed = await givenOwed({ shop, clientId: client.id });
  await payByHand(owed, 4_000);
  await suppressByHand(shop.ctx, { channel: "email", address });
  await payByHand(owed, 6_000);
  expect(await thanksOf(owed)).toMatchObject([
    { state: "skipped", reason: "suppressed" },
    { state: "skipped", reason: "suppressed" },
  ]);
});

test("a business that does not want clients thanked sends no thanks (H6)", async () => {
  const shop = await givenBusiness({ paymentPolicy: { ...defaultPaymentPolicy, receipts: false } });
  const owed = await givenOwed({ shop });
  await payByHand(owed, 10_000);
  expect(await thanksOf(owed)).toEqual([]);
});

test("a payment of long ago that is noted now is not thanked for, and one that was noted by mistake not any more (H6)", async () => {
  const owed = await givenOwed();
  await payByHand(owed, 1_000, { receivedOn: "2027-01-04" });
  expect(await thanksOf(owed)).toEqual([]);
  const { id } = await payByHand(owed, 2_000);
  await removePayment(owed.shop.ctx, id);
  expect(await thanksOf(owed)).toMatchObject([{ state: "cancelled", reason: "payment_removed" }]);
});

test("after thanks for a part the reminder of the rest goes as planned (H6, B3)", async () => {
  const owed = await givenOwed();
  await payByHand(owed, 4_000);
  await read(owed);
  owed.shop.clock.set("2027-03-08T09:00:00Z");
  await planNow(owed.shop, owed.reminder.id);
  const steps = (await deliveriesOf(owed.shop, owed.reminder.id)).filter(({ stepId }) => stepId !== RECEIPT_STEP);
  const { channel, calls } = scriptedChannel([accepted]);
  await delivererFor(owed.shop, channel)(steps[0]!);
  expect(calls[0]?.content.text).toContain("£60.00 is due");
});

test("thanks go by themselves where a business sends one message a day, and give way to no reminder (H6)", async () => {
  const shop = await givenBusiness({ dailyMessageAt: "09:00", contactCap: { perDay: 1 } });
  const client = await shop.client();
  const owed = await givenOwed({ shop, clientId: client.id });
  shop.clock.set("2027-03-08T09:00:00Z");
  await planNow(shop, owed.reminder.id);
  await payByHand(owed, 4_000);
  const waiting = (await deliveriesOf(shop, owed.reminder.id)).filter(({ state }) => state === "queued");
  expect(waiting.map(({ stepId }) => stepId)).toEqual(["t-3", RECEIPT_STEP]);
  const [thanks] = await thanksOf(owed);
  const { channel, calls } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(thanks!);
  expect(calls.map(({ content }) => content.subject)).toEqual(["Thank you for your payment of £40.00"]);
  expect((await thanksOf(owed))[0]).toMatchObject({ state: "accepted", mergedInto: null });
});

test("thanks are no reminder in reports: what is paid after them was not brought in by them (H6, K4)", async () => {
  const owed = await givenOwed();
  await payByHand(owed, 4_000);
  await read(owed);
  await payByHand(owed, 6_000);
  const { currencies } = await reportPayments(owed.shop.ctx, { from: "2027-03-01", to: "2027-03-31" });
  expect(currencies).toMatchObject([{ currency: "GBP", received: 10_000, afterReminder: 0 }]);
});
