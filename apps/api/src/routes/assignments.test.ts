import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

async function givenAssigned(firm: GivenFirm, fields: object = {}) {
  const [reminderId, clientId] = [await firm.reminder(), await firm.client()];
  const path = `/v1/reminders/${reminderId}/assignments`;
  const { status, body } = await firm.post(path, { assignments: [{ clientId, ...fields }] });
  return { status, path, clientId, assignment: body.items?.[0], one: `${path}/${body.items?.[0].id}`, reminderId };
}

test("clients are put on a reminder, each with period, due date and amount", async () => {
  const firm = await api.firm();
  const fields = { period: "2027-Q1", dueOn: "2027-05-07", amount: 12_500, currency: "GBP" };
  const { status, assignment, clientId, path } = await givenAssigned(firm, fields);
  expect(status).toBe(201);
  expect(assignment).toMatchObject({ clientId, state: "open", closedAt: null, ...fields });
  expect((await firm.get(path)).body.items).toEqual([withoutNext(assignment)]);
  expect((await firm.get(`${path}?state=done`)).body.items).toEqual([]);
});

test("one client that cannot be assigned stops them all", async () => {
  const firm = await api.firm();
  const { path, clientId } = await givenAssigned(firm);
  const other = await firm.client();
  const { status, body } = await firm.post(path, { assignments: [{ clientId: other }, { clientId }] });
  expect([status, body.code]).toEqual([409, "conflict"]);
  expect((await firm.get(path)).body.items).toHaveLength(1);
});

test("due date and amount can be changed, and an amount goes with its currency", async () => {
  const firm = await api.firm();
  const { one } = await givenAssigned(firm);
  expect((await firm.patch(one, { dueOn: "2027-06-01", amount: 100, currency: "JPY" })).body).toMatchObject({
    dueOn: "2027-06-01",
    amount: 100,
    currency: "JPY",
  });
  expect((await firm.patch(one, { currency: null })).body.errors[0].field).toBe("assignment.currency");
  expect((await firm.patch(one, { state: "done" })).status).toBe(422);
});

test.each([
  ["done", "done"],
  ["cancel", "cancelled"],
])("marking it %s stops what waits, and it can be re-opened (B1)", async (verb, state) => {
  const firm = await api.firm();
  const { one, reminderId } = await givenAssigned(firm);
  await firm.post(`/v1/reminders/${reminderId}/send`, {});
  const stopped = await firm.post(`${one}/${verb}`);
  expect(stopped.body).toMatchObject({ assignment: { state }, cancelled: 1, inFlight: 0 });
  const { items } = (await firm.get(`/v1/deliveries?reminderId=${reminderId}`)).body;
  expect(items).toHaveLength(1);
  expect(["skipped", "cancelled"]).toContain(items[0].state);
  expect((await firm.post(`${one}/${verb}`)).status).toBe(200);
  expect((await firm.post(`${one}/reopen`)).body).toMatchObject({ state: "open", closedAt: null });
});

test("a removed assignment is cancelled, and its history stays", async () => {
  const firm = await api.firm();
  const { one, path } = await givenAssigned(firm);
  expect((await firm.delete(one)).body.assignment.state).toBe("cancelled");
  expect((await firm.get(`${path}?state=cancelled`)).body.items).toHaveLength(1);
});

/** Lists tell what is stored; what comes next is told where it changes. */
function withoutNext({ next: _, ...stored }: Record<string, unknown>) {
  return stored;
}
