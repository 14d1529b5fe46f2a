import { defaultPaymentPolicy } from "@reminder-app/db/schema/payment-policy";
import { type Id, newId } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { payableParts } from "./checkout-parts.ts";

type Request = Parameters<typeof payableParts>[1][number];

/** A request for 100.00 euros, of which nothing has been paid. */
function aRequest(changes: Partial<Request> = {}): Request {
  const at = new Date("2027-03-01T12:00:00Z");
  return {
    businessId: newId(),
    id: newId(),
    clientId: newId(),
    reference: "INV-1",
    title: "March",
    items: [{ description: "Bookkeeping", amount: 10_000 }],
    currency: "EUR",
    total: 10_000,
    paid: 0,
    processing: 0,
    dueOn: null,
    disputed: 0,
    state: "open",
    policy: defaultPaymentPolicy,
    checkoutId: null,
    paidAt: null,
    cancelledAt: null,
    createdAt: at,
    updatedAt: at,
    ...changes,
  };
}

const ask = (request: Request, amount?: number) =>
  payableParts([{ paymentRequestId: request.id, ...(amount !== undefined && { amount }) }], [request]);
const inParts = (leastPart: number) => ({ policy: { ...defaultPaymentPolicy, leastPart } });

test("what is asked for is the balance of the day: neither what arrived nor what is on its way (H2, H4)", () => {
  const request = aRequest({ paid: 2_500, processing: 1_500 });
  expect(ask(request)).toEqual({
    kind: "payable",
    currency: "EUR",
    parts: [{ paymentRequestId: request.id, amount: 6_000 }],
  });
});

test.each([
  ["paid", { state: "paid", paid: 10_000 }],
  ["paid", { paid: 10_000 }],
  ["processing", { processing: 10_000 }],
  ["processing", { paid: 4_000, processing: 6_000 }],
] as const)("nothing can be paid twice: a request is told to be %s when it is %o (H2, H4)", (kind, changes) => {
  expect(ask(aRequest(changes))).toEqual({ kind });
});

test("a part may be paid from the least one on, and never more than is owed (H4)", () => {
  const request = aRequest({ paid: 2_000, ...inParts(1_000) });
  for (const amount of [1_000, 4_321, 8_000])
    expect(ask(request, amount)).toMatchObject({ kind: "payable", parts: [{ amount }] });
  expect(() => ask(request, 999)).toThrow("must be at least €10.00");
  expect(() => ask(request, 8_001)).toThrow("must be at most €80.00, which is what is owed");
  for (const amount of [0, -5, 0.5, Number.NaN, 2 ** 60])
    expect(() => ask(request, amount)).toThrow("must be a whole number of minor units, at least 1");
});

test("without a least part only the whole balance can be paid, and a balance below it can be paid whole (H4)", () => {
  const whole = aRequest({ currency: "JPY", total: 10_000 });
  expect(() => ask(whole, 9_999)).toThrow("must be ¥10,000: only the whole balance can be paid");
  expect(ask(whole, 10_000)).toMatchObject({ kind: "payable" });
  const rest = aRequest({ paid: 9_500, ...inParts(1_000) });
  expect(() => ask(rest, 499)).toThrow("must be at least €5.00");
  expect(ask(rest, 500)).toMatchObject({ kind: "payable" });
});

test("several requests are paid at once in one currency, and those that are settled are left out (H4)", () => {
  const [one, other, done] = [aRequest(), aRequest({ total: 5_000 }), aRequest({ state: "paid", paid: 10_000 })];
  const asked = [done, other, one].map(({ id }) => ({ paymentRequestId: id }));
  expect(payableParts(asked, [one, other, done])).toEqual({
    kind: "payable",
    currency: "EUR",
    parts: [
      { paymentRequestId: one.id, amount: 10_000 },
      { paymentRequestId: other.id, amount: 5_000 },
    ],
  });
  const dollars = aRequest({ currency: "USD" });
  const mixed = [one, dollars].map(({ id }) => ({ paymentRequestId: id }));
  expect(() => payableParts(mixed, [one, dollars])).toThrow("must be in one currency");
});

test("a request that is cancelled, named twice or another client's is refused (H2)", () => {
  const request = aRequest();
  const twice = [{ paymentRequestId: request.id }, { paymentRequestId: request.id }];
  expect(() => payableParts(twice, [request])).toThrow("must name each payment request once");
  expect(() => payableParts([], [request])).toThrow("must name at least one payment request");
  expect(() => ask(aRequest({ state: "cancelled" }))).toThrow("Payment request INV-1 was cancelled");
  const foreign = newId() satisfies Id<"PaymentRequest">;
  expect(() => payableParts([{ paymentRequestId: foreign }], [request])).toThrow(
    `Payment request ${foreign} not found`,
  );
});
