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

const steps = [
  { id: "t-7", days: -7, time: "09:00" },
  { id: "t0", days: 0, time: "09:00" },
];

async function givenSequence(firm: GivenFirm, schedule: object, client: object, fields: object = {}) {
  const sequence = { kind: "sequence", zone: "Europe/London", steps, ...schedule };
  const [reminderId, clientId] = [await firm.reminder({ schedule: sequence }), await firm.client(client)];
  const path = `/v1/reminders/${reminderId}/assignments`;
  const answer = await firm.post(path, { assignments: [{ clientId, ...fields }] });
  return { ...answer, clientId, reminderId, one: `${path}/${answer.body.items?.[0].id}` };
}

test("a client's steps follow the due date and what is different for this client, and the answer tells what goes next (A4, A13)", async () => {
  const firm = await api.firm();
  const overrides = { "t-7": { days: -5, time: "10:30" } };
  const { body, one } = await givenSequence(firm, {}, {}, { dueOn: "2090-06-15", overrides });
  expect(body.items[0]).toMatchObject({
    overrides,
    next: { at: "2090-06-10T09:30:00.000Z", stepId: "t-7", late: false },
  });
  const moved = await firm.patch(one, { dueOn: "2090-06-20", overrides: { "t-7": { skip: true } } });
  expect(moved.body.next).toMatchObject({ at: "2090-06-20T08:00:00.000Z", stepId: "t0" });
  expect((await firm.patch(one, { dueOn: "2000-01-01" })).body.next).toBeNull();
  const fieldOf = async (change: object) => (await firm.patch(one, change)).body.errors[0].field;
  expect(await fieldOf({ overrides: { nope: { days: 1 } } })).toBe("assignment.overrides.nope");
  expect(await fieldOf({ dueOn: "9899-12-32" })).toBe("dueOn");
  expect(await fieldOf({ dueOn: "9900-01-01" })).toBe("dueOn");
  expect(await fieldOf({ dueOn: null })).toBe("assignment.dueOn");
});

test("due dates follow from the facts about a client, and move with them (A10, A13)", async () => {
  const firm = await api.firm();
  const due = { due: { kind: "statutory", rule: "uk_vat_return" } };
  const refused = await givenSequence(firm, due, {});
  expect([refused.status, refused.body.errors[0].field]).toEqual([422, "assignments.0.clientId"]);
  const { body, clientId, reminderId } = await givenSequence(firm, due, { facts: { vatStagger: "1" } });
  expect(body.items[0].period).toMatch(/^VAT to \d{4}-(03|06|09|12)-/);
  const changed = await firm.patch(`/v1/clients/${clientId}`, { facts: { vatStagger: "2" } });
  expect(changed.body.facts).toEqual({ vatStagger: "2" });
  const { items } = (await firm.get(`/v1/reminders/${reminderId}/assignments`)).body;
  expect(items[0].period).toMatch(/^VAT to \d{4}-(01|04|07|10)-/);
});

/** Lists tell what is stored; what comes next is told where it changes. */
function withoutNext({ next: _, ...stored }: Record<string, unknown>) {
  return stored;
}
