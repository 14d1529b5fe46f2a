import { givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, ring, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { cancelPaymentRequest } from "../payments/change-payment-request.ts";
import { createPaymentRequest, CreatePaymentRequestInput } from "../payments/create-payment-request.ts";
import { recordPayment } from "../payments/record-payment.ts";
import { reportPayments } from "./report-payments.ts";
import { reportReceivables } from "./report-receivables.ts";

/** A business on the first of March with what its clients owe. */
async function givenLedger() {
  const shop = await givenBusiness({ timeZone: "UTC", now: "2027-03-01T12:00:00Z" });
  const { id: clientId } = await shop.client();
  const ask = (amount: number, dueOn: string | null, currency = "GBP") =>
    createPaymentRequest(
      shop.ctx,
      CreatePaymentRequestInput.parse({
        clientId,
        title: "Fee",
        items: [{ description: "Fee", amount }],
        currency,
        dueOn,
      }),
    );
  const pay = (amount: number, paymentRequestId: Id<"PaymentRequest">, payer = clientId) => {
    const parts = [{ paymentRequestId, amount }];
    return recordPayment(shop.ctx, { clientId: payer, amount, currency: "GBP", method: "manual", parts });
  };
  return { shop, ask, pay };
}

test("what is owed is told by currency and age, and adds up; what is paid or cancelled is not owed (K4)", async () => {
  const { shop, ask, pay } = await givenLedger();
  const [partPaid, paid] = [await ask(10_000, "2027-02-28"), await ask(700, "2026-01-01")];
  for (const [amount, due] of [
    [100, null],
    [200, "2027-03-01"],
    [400, "2027-01-30"],
    [800, "2027-01-29"],
    [1_600, "2026-12-01"],
    [3_200, "2026-11-30"],
  ] as const)
    await ask(amount, due);
  await ask(5_000, "2027-02-01", "JPY");
  await cancelPaymentRequest(shop.ctx, (await ask(9_999, "2027-02-01")).id);
  await pay(4_000, partPaid.id);
  await pay(700, paid.id);

  const { asOf, currencies } = await reportReceivables(shop.ctx);
  expect(asOf).toBe("2027-03-01");
  const [pounds, yen] = currencies;
  expect(pounds?.ages).toEqual([
    { age: "not_due", requests: 2, amount: 300, processing: 0 },
    { age: "1-30", requests: 2, amount: 6_400, processing: 0 },
    { age: "31-60", requests: 1, amount: 800, processing: 0 },
    { age: "61-90", requests: 1, amount: 1_600, processing: 0 },
    { age: "over_90", requests: 1, amount: 3_200, processing: 0 },
  ]);
  expect(pounds?.all).toEqual({ requests: 7, amount: 12_300, processing: 0 });
  expect(yen).toMatchObject({ currency: "JPY", all: { requests: 1, amount: 5_000 } });
});

test("what came in, how long it took and how late it was are told for the days on which it came (K4)", async () => {
  const { shop, ask, pay } = await givenLedger();
  const early = await ask(100, "2027-03-20");
  const late = await ask(300, "2027-03-04");
  const later = await ask(500, null);
  shop.clock.set("2027-03-11T09:00:00Z");
  await pay(100, early.id);
  await pay(300, late.id);
  shop.clock.set("2027-04-02T09:00:00Z");
  await pay(500, later.id);

  const march = { from: "2027-03-01", to: "2027-03-31" };
  const none = { refunded: 0, disputed: 0, afterReminder: 0 };
  expect((await reportPayments(shop.ctx, march)).currencies).toEqual([
    {
      currency: "GBP",
      payments: 2,
      received: 400,
      ...none,
      requestsPaid: 2,
      daysToPay: { mean: 10, median: 10 },
      daysLate: { mean: -1, median: -1 },
    },
  ]);
  expect((await reportPayments(shop.ctx, { from: "2027-04-01", to: "2027-04-30" })).currencies).toMatchObject([
    { received: 500, daysToPay: { mean: 32 }, daysLate: null },
  ]);
});

test("money that comes within 14 days of a message about it counts as collected by it, later money does not (K4)", async () => {
  const { shop, pay } = await givenLedger();
  const reminder = await shop.reminder({ type: "payment" });
  const ids = await Promise.all([shop.client(), shop.client()]).then((made) => made.map(({ id }) => id));
  const money = { amount: 1_000, currency: "GBP" };
  const input = { assignments: ids.map((clientId) => ({ clientId, ...money })) };
  const [soon, late] = await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse(input));
  for (const delivery of await ring(shop, reminder))
    await delivererFor(shop, scriptedChannel([accepted]).channel)(delivery);

  const sentAt = shop.clock.now();
  const collected = async () =>
    (await reportPayments(shop.ctx, { from: "2027-03-01", to: "2027-03-31" })).currencies[0]?.afterReminder;
  for (const [assignment, days, total] of [
    [soon, 13, 600],
    [late, 15, 600],
  ] as const) {
    shop.clock.set(after(sentAt, days * DAY_MS));
    await pay(600, assignment!.paymentRequestId!, assignment!.clientId);
    expect(await collected()).toBe(total);
  }
});
