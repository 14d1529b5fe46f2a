import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

/** A client with a message that waits. */
async function givenWaiting(firm: GivenFirm) {
  const [reminderId, clientId] = [await firm.reminder(), await firm.client()];
  const path = `/v1/reminders/${reminderId}/assignments`;
  const { body } = await firm.post(path, { assignments: [{ clientId }] });
  await firm.post(`/v1/reminders/${reminderId}/send`, {});
  return { clientId, one: `${path}/${body.items[0].id}`, id: body.items[0].id as string };
}

test("a hold says what it put off, stands in the report with its reason and owner, and is released (B6, B7)", async () => {
  const firm = await api.firm();
  await firm.verify();
  const { id: ownerId } = await firm.member("staff");
  const { one, id } = await givenWaiting(firm);
  const held = await firm.post(`${one}/hold`, { reason: "dispute", note: "Wrong sum", ownerId });
  const facts = { id, hold: "dispute", holdUntil: null, holdNote: "Wrong sum", holdOwnerId: ownerId };
  expect(held.body).toMatchObject({ assignment: facts, postponed: 1, inFlight: 0 });
  expect((await firm.get("/v1/holds")).body.items).toMatchObject([facts]);
  expect((await firm.get("/v1/holds?reason=promise")).body.items).toEqual([]);
  expect((await firm.post(`${one}/release`)).body).toMatchObject({ id, hold: null, holdOwnerId: null });
  expect((await firm.get("/v1/holds")).body.items).toEqual([]);
  expect((await firm.post(`${one}/release`)).status).toBe(200);
});

test.each([
  [{ reason: "promise" }, 422, "until"],
  [{ reason: "promise", until: "2020-01-01" }, 422, "until"],
  [{ reason: "snooze", until: "2020-01-01" }, 422, "until"],
  [{ reason: "dispute", graceDays: 1 }, 422, "graceDays"],
  [{ reason: "bored" }, 422, "reason"],
  [{ reason: "dispute", ownerId: "01980000-0000-7000-8000-000000000001" }, 404, "ownerId"],
])("a hold of %o is refused with the reason (B6, B7)", async (given, status, field) => {
  const firm = await api.firm();
  const { one } = await givenWaiting(firm);
  const refused = await firm.post(`${one}/hold`, given);
  expect([refused.status, refused.body.errors[0].field]).toEqual([status, field]);
});

test("what is done takes no hold (B7)", async () => {
  const firm = await api.firm();
  const { one } = await givenWaiting(firm);
  expect((await firm.post(`${one}/done`, { because: "paid" })).body).toMatchObject({
    assignment: { state: "done", closedBecause: "paid" },
    cancelled: 1,
  });
  const refused = await firm.post(`${one}/hold`, { reason: "dispute" });
  expect([refused.status, refused.body.code]).toEqual([409, "conflict"]);
});

test("a client and the whole business are paused until a day, and resumed (A15)", async () => {
  const firm = await api.firm();
  const { clientId } = await givenWaiting(firm);
  const client = `/v1/clients/${clientId}`;
  const until = { pausedUntil: "2099-01-07T00:00:00.000Z" };
  expect((await firm.post(`${client}/pause`, { until: "2099-01-07" })).body).toMatchObject({
    client: until,
    postponed: 1,
  });
  expect((await firm.get(client)).body).toMatchObject(until);
  expect((await firm.post(`${client}/resume`)).body).toMatchObject({ pausedAt: null, pausedUntil: null });
  expect((await firm.post("/v1/business/pause", { until: "2099-01-07" })).body).toMatchObject({
    business: until,
    postponed: 1,
  });
  expect((await firm.get("/v1/business")).body).toMatchObject(until);
  expect((await firm.post("/v1/business/resume")).body).toMatchObject({ pausedAt: null, pausedUntil: null });
  for (const path of [client, "/v1/business"]) {
    const refused = await firm.post(`${path}/pause`, { until: "2020-01-01" });
    expect([refused.status, refused.body.errors[0].field]).toEqual([422, "until"]);
  }
});

test("a client is marked as one who is never chased, which can be taken back (B9)", async () => {
  const firm = await api.firm();
  const { clientId } = await givenWaiting(firm);
  const change = async (neverChase: unknown) => firm.patch(`/v1/clients/${clientId}`, { neverChase });
  expect((await change("auto_billed")).body.neverChase).toBe("auto_billed");
  const { items } = (await firm.get(`/v1/deliveries?clientId=${clientId}`)).body;
  expect(items).toMatchObject([{ state: "skipped", reason: "auto_billed" }]);
  expect((await change(null)).body.neverChase).toBeNull();
  expect((await change("friend")).status).toBe(422);
});
