import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { type GivenOwed, givenOwed, payByHand, standingOf } from "@reminder-app/testing/given-payments";
import { aSequence, givenSequence, passDays } from "@reminder-app/testing/given-sequence";
import { expect, test } from "vitest";
import { changeAssignment } from "../assignments/change-assignment.ts";
import { pageAssignments } from "../assignments/page-assignments.ts";
import { changePaymentRequest } from "./change-payment-request.ts";
import { CreatePaymentRequestInput, createPaymentRequest } from "./create-payment-request.ts";
import { paymentRequestRepo } from "./payment-requests.repo.ts";

const items = [
  { description: "VAT return", amount: 9_000 },
  { description: "Payroll", amount: 3_000 },
];

async function givenAsked() {
  const shop = await givenBusiness();
  const { id: clientId } = await shop.client();
  const input = { clientId, title: "Invoice 7", items, currency: "GBP", dueOn: "2027-04-01" };
  const request = await createPaymentRequest(shop.ctx, CreatePaymentRequestInput.parse(input));
  const reminder = await shop.reminder({ type: "payment", schedule: aSequence([-3, 0, 3]) });
  const assign = (fields: object) =>
    assignClients(
      shop.ctx,
      reminder.id,
      AssignClientsInput.parse({ assignments: [{ clientId, paymentRequestId: request.id, ...fields }] }),
    );
  return { shop, clientId, request, reminder, assign };
}

test("a client who is put on a reminder for a payment request is reminded of its balance by its due date (H4, B3)", async () => {
  const { assign, request } = await givenAsked();
  expect(await assign({})).toMatchObject([
    { amount: 12_000, currency: "GBP", dueOn: "2027-04-01", paymentRequestId: request.id },
  ]);
});

test("a request of another client, and one of which nothing is owed, is refused where it is named (H4, B9)", async () => {
  const { shop, clientId, request, assign } = await givenAsked();
  const other = await shop.client({ contacts: [aContact()] });
  await expect(assign({ clientId: other.id })).rejects.toMatchObject({ code: "not_found" });
  const owed = { clientId, requestId: request.id, shop } as unknown as GivenOwed;
  await payByHand(owed, 12_000);
  await expect(assign({})).rejects.toMatchObject({
    code: "validation_failed",
    issues: [{ field: "assignments.0.paymentRequestId" }],
  });
});

test("an amount on a reminder to pay asks for it in one item, each client in a request of their own; nothing owed asks for nothing (H4, B9)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder({ type: "payment" });
  const [one, other, none] = [await shop.client(), await shop.client(), await shop.client()];
  const amounts = [500, 700, 0];
  const assignments = [one, other, none].map(({ id }, at) => ({ clientId: id, amount: amounts[at], currency: "GBP" }));
  const made = await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse({ assignments }));
  const requests = await paymentRequestRepo(shop.ctx).page({}, { limit: 10 });
  const totals = new Map(requests.map(({ clientId, total }) => [clientId, total]));
  expect(totals).toEqual(
    new Map([
      [one.id, 500],
      [other.id, 700],
    ]),
  );
  expect(made.find(({ clientId }) => clientId === none.id)?.paymentRequestId).toBeNull();
});

test("the amount of an assignment is that of what is asked for, until money has moved or there are several items (H4)", async () => {
  const owed = await givenOwed();
  const { shop, key } = owed;
  await changeAssignment(shop.ctx, key, { amount: 8_000 });
  expect(await standingOf(owed)).toMatchObject({ request: { total: 8_000 }, assignment: { amount: 8_000 } });
  await expect(changeAssignment(shop.ctx, key, { currency: "EUR" })).rejects.toMatchObject({ code: "conflict" });
  await payByHand(owed, 1_000);
  await expect(changeAssignment(shop.ctx, key, { amount: 9_000 })).rejects.toMatchObject({ code: "conflict" });
  await changePaymentRequest(shop.ctx, owed.requestId, { items });
  expect(await standingOf(owed)).toMatchObject({ request: { total: 12_000 }, assignment: { amount: 11_000 } });
});

test("an amount of nothing asks for nothing any more, and another one later asks for it anew (B9, H4)", async () => {
  const owed = await givenOwed();
  const { shop, key } = owed;
  await changeAssignment(shop.ctx, key, { amount: 0 });
  expect(await standingOf(owed)).toMatchObject({
    request: { state: "cancelled" },
    assignment: { state: "open", amount: 0, paymentRequestId: null },
  });
  const { paymentRequestId } = await changeAssignment(shop.ctx, key, { amount: 700, currency: "GBP" });
  const again = await standingOf({ ...owed, requestId: paymentRequestId! });
  expect(again).toMatchObject({ request: { state: "open", total: 700 }, assignment: { amount: 700 } });
});

test("request and chase keep one due date, whichever of them is changed (H4, K4)", async () => {
  const owed = await givenOwed();
  const { shop, key } = owed;
  await changeAssignment(shop.ctx, key, { dueOn: "2027-03-20" });
  expect(await standingOf(owed)).toMatchObject({
    request: { dueOn: "2027-03-20" },
    assignment: { nextAt: new Date("2027-03-17T09:00:00Z"), calendarSequence: 1 },
  });
  await changePaymentRequest(shop.ctx, owed.requestId, { dueOn: "2027-03-22" });
  expect(await standingOf(owed)).toMatchObject({
    request: { dueOn: "2027-03-22" },
    assignment: { dueOn: "2027-03-22", nextAt: new Date("2027-03-19T09:00:00Z"), calendarSequence: 2 },
  });
});

test("each period that a due rule opens asks for the whole amount anew, whatever was paid of the one before (H4, B3)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const due = { kind: "recurring", start: "2027-03-11", rule: "FREQ=MONTHLY" } as const;
  const sequence = await givenSequence(shop, aSequence([0], { due }), {
    amount: 10_000,
    currency: "GBP",
    reminder: { type: "payment" },
  });
  const { clientId, paymentRequestId } = sequence.assignment;
  const owed = { ...sequence, clientId, requestId: paymentRequestId! };
  await payByHand(owed, 4_000);
  await passDays(shop, sequence.reminder.id, 12);
  const { items: all } = await pageAssignments(shop.ctx, sequence.reminder.id, { limit: 10 });
  expect(new Map(all.map(({ amount, dueOn }) => [dueOn, amount]))).toEqual(
    new Map([
      ["2027-03-11", 6_000],
      ["2027-04-11", 10_000],
    ]),
  );
  expect(new Set(all.map((row) => row.paymentRequestId)).size).toBe(2);
});
