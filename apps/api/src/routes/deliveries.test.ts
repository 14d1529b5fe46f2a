import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

/** Two reminders that were sent by hand: one by email to two clients, one by SMS to one of them. */
async function givenHistory(firm: GivenFirm) {
  const contacts = [{ name: "Ada", addresses: { email: "ada@hill.example", sms: "+442079460101" } }];
  const [hill, dale] = [await firm.client({ contacts }), await firm.client()];
  const byEmail = await firm.reminder({ assignments: [{ clientId: hill }, { clientId: dale }] });
  const bySms = await firm.reminder({ channels: ["sms"], assignments: [{ clientId: hill }] });
  await firm.post(`/v1/reminders/${byEmail}/send`, {});
  await firm.post(`/v1/reminders/${bySms}/send`, { evenIfRecent: true });
  return { hill, dale, byEmail, bySms };
}

test("the history is filtered by reminder, client, channel, state and time (K1)", async () => {
  const firm = await api.firm();
  const { hill, dale, byEmail, bySms } = await givenHistory(firm);
  const count = async (query: string) => (await firm.get(`/v1/deliveries?${query}`)).body.items.length;
  const hour = (offset: number) => new Date(Date.now() + offset * 3_600_000).toISOString();
  expect(await count("limit=100")).toBe(3);
  expect(await count(`reminderId=${byEmail}`)).toBe(2);
  expect(await count(`clientId=${hill}`)).toBe(2);
  expect(await count(`clientId=${dale}&reminderId=${bySms}`)).toBe(0);
  expect(await count("channel=sms")).toBe(1);
  expect(await count("state=queued")).toBe(3);
  expect(await count("state=accepted")).toBe(0);
  expect(await count(`dueFrom=${hour(-1)}&dueBefore=${hour(1)}`)).toBe(3);
  expect(await count(`dueFrom=${hour(1)}`)).toBe(0);
});

test("the history comes the newest first, in pages without gap or repetition (K1)", async () => {
  const firm = await api.firm();
  await givenHistory(firm);
  const all = (await firm.get("/v1/deliveries")).body.items.map(({ id }: { id: string }) => id);
  expect(all).toEqual(all.toSorted().toReversed());
  const first = (await firm.get("/v1/deliveries?limit=2")).body;
  const second = (await firm.get(`/v1/deliveries?limit=2&cursor=${first.nextCursor}`)).body;
  expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(all);
  expect(second.nextCursor).toBeUndefined();
});

test("one delivery shows its moments and its attempts, and nothing of how it is kept (K1)", async () => {
  const firm = await api.firm();
  await givenHistory(firm);
  const [{ id }] = (await firm.get("/v1/deliveries?channel=sms")).body.items;
  const { status, body, text } = await firm.get(`/v1/deliveries/${id}`);
  expect([status, body.id, body.state, body.tries, body.attempts]).toEqual([200, id, "queued", 0, []]);
  expect(text).not.toMatch(/addressHash|businessId|fence|leaseUntil|crashes/);
});

test("what waits leaves nothing to decide by hand", async () => {
  const firm = await api.firm();
  await givenHistory(firm);
  const [{ id }] = (await firm.get("/v1/deliveries")).body.items;
  const { status, body } = await firm.post(`/v1/deliveries/${id}/decide`, { decision: "send_again" });
  expect([status, body.code]).toEqual([409, "conflict"]);
});
