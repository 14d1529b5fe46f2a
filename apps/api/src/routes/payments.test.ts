import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

const anItem = (amount: unknown) => ({ description: "VAT return", amount });

async function ask(input: object = {}) {
  const clientId = await firm.client();
  const request = { clientId, title: "Invoice 12", items: [anItem(12_000)], currency: "GBP", ...input };
  return firm.post("/v1/payment-requests", request);
}

const idOf = ({ body }: { readonly body: unknown }) => (body as { id: string }).id;

test("what a client owes is noted with its items, and told with how it stands (H4)", async () => {
  const made = await ask({ items: [anItem(12_000), anItem(500)], dueOn: "2020-01-31", reference: "2020-7" });
  expect(made).toMatchObject({
    status: 201,
    body: { total: 12_500, paid: 0, balance: 12_500, status: "open", reference: "2020-7", payments: [] },
  });
  const { overdueDays, clientId } = made.body as { overdueDays: number; clientId: string };
  expect(overdueDays).toBeGreaterThan(2_000);
  const twice = await ask({ reference: "2020-7" });
  expect(twice).toMatchObject({ status: 422, body: { errors: [{ field: "reference" }] } });

  const parts = [{ paymentRequestId: idOf(made), amount: 2_500 }];
  const paid = await firm.post("/v1/payments", { clientId, amount: 2_500, currency: "GBP", parts });
  expect(paid).toMatchObject({ status: 201, body: { credit: 0, allocations: [{ amount: 2_500 }] } });
  const path = `/v1/payment-requests/${idOf(made)}`;
  expect((await firm.get(path)).body).toMatchObject({
    status: "part_paid",
    balance: 10_000,
    payments: [{ id: idOf(paid), allocated: 2_500 }],
  });
  expect(await firm.patch(path, { items: [anItem(2_499)] })).toMatchObject({ status: 422 });
  expect((await firm.patch(path, { items: [anItem(2_500)] })).body).toMatchObject({ status: "paid", balance: 0 });
  expect((await firm.delete(`/v1/payments/${idOf(paid)}`)).status).toBe(204);
  expect((await firm.get(path)).body).toMatchObject({ status: "open", balance: 2_500 });
  expect((await firm.post(`${path}/cancel`, {})).body).toMatchObject({ status: "cancelled", balance: 0 });
});

test("references that we make are unlike each other, and have no letters that look like digits (H4)", async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => ask()));
  const references = made.map(({ body }) => (body as { reference: string }).reference);
  expect(new Set(references).size).toBe(5);
  for (const reference of references) expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
});

test.each([
  [0, "items.0.amount"],
  [-5, "items.0.amount"],
  [1.5, "items.0.amount"],
  ["100", "items.0.amount"],
  [1e15, "items.0.amount"],
])("an amount of %j is refused with the reason (H10)", async (amount, field) => {
  const { status, body } = await ask({ items: [anItem(amount)] });
  expect([status, (body as { errors: { field: string }[] }).errors[0]?.field]).toEqual([422, field]);
});

test("amounts are whole minor units of their currency, whether it has none, two or three decimals; unknown ones are refused (H10)", async () => {
  for (const currency of ["JPY", "GBP", "KWD"])
    expect(await ask({ currency })).toMatchObject({ status: 201, body: { currency, total: 12_000 } });
  expect(await ask({ currency: "ZZZ" })).toMatchObject({ status: 422, body: { errors: [{ field: "currency" }] } });
});

test("lists of what is owed and what was paid are found by client, state, currency and what is overdue (K4, H4)", async () => {
  const other = await api.firm();
  const clientId = await other.client();
  const request = { clientId, title: "Fee", items: [anItem(100)], currency: "GBP" };
  const late = await other.post("/v1/payment-requests", { ...request, dueOn: "2020-01-31" });
  const yen = await other.post("/v1/payment-requests", { ...request, currency: "JPY" });
  await other.post("/v1/payments", { clientId, amount: 40, currency: "JPY", receivedOn: "2020-02-01" });
  const ids = async (path: string) =>
    ((await other.get(path)).body as { items: { id: string }[] }).items.map(({ id }) => id);
  expect(await ids(`/v1/payment-requests?clientId=${clientId}`)).toEqual([idOf(yen), idOf(late)]);
  expect(await ids("/v1/payment-requests?overdue=true")).toEqual([idOf(late)]);
  expect(await ids("/v1/payment-requests?currency=JPY&state=open")).toEqual([idOf(yen)]);
  const first = (await other.get("/v1/payment-requests?limit=1")).body as { nextCursor: string };
  expect(await ids(`/v1/payment-requests?limit=1&cursor=${first.nextCursor}`)).toEqual([idOf(late)]);
  expect(await ids("/v1/payments?from=2020-02-01&to=2020-02-01&method=manual")).toHaveLength(1);
  expect(await ids("/v1/payments?from=2020-02-02")).toEqual([]);
});

test("credit of a payment pays another request (H4)", async () => {
  const request = await ask();
  const { clientId } = request.body as { clientId: string };
  const payment = await firm.post("/v1/payments", { clientId, amount: 15_000, currency: "GBP" });
  expect(payment.body).toMatchObject({ credit: 3_000 });
  const more = await firm.post("/v1/payment-requests", {
    clientId,
    title: "More",
    items: [anItem(3_000)],
    currency: "GBP",
  });
  const parts = [{ paymentRequestId: idOf(more), amount: 3_000 }];
  const used = await firm.post(`/v1/payments/${idOf(payment)}/allocations`, { parts });
  expect(used).toMatchObject({ status: 200, body: { credit: 0 } });
  expect((await firm.get(`/v1/payment-requests/${idOf(more)}`)).body).toMatchObject({ status: "paid" });
});

test("the business says what becomes of part payments and refunds, a request may differ, and neither loses the rest (H4, H5)", async () => {
  const changed = await firm.patch("/v1/business", { paymentPolicy: { leastPart: 500, afterRefund: "reopen" } });
  const policy = {
    leastPart: 500,
    pauseDaysAfterPart: 0,
    overpayment: "credit",
    afterRefund: "reopen",
    receipts: true,
  };
  expect(changed).toMatchObject({ status: 200, body: { paymentPolicy: policy } });
  expect(await ask({ policy: { pauseDaysAfterPart: 7 } })).toMatchObject({
    status: 201,
    body: { policy: { ...policy, pauseDaysAfterPart: 7 } },
  });
  expect((await firm.patch("/v1/business", { paymentPolicy: { leastPart: 0 } })).status).toBe(422);
});
