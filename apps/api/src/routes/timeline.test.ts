import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const schedule = {
  kind: "sequence",
  zone: "UTC",
  steps: [
    { id: "t-700", days: -700, time: "09:00" },
    { id: "t-7", days: -7, time: "09:00" },
  ],
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

/** A client whom a sequence reminds, and who was sent one message by hand. */
async function givenReminded(firm: GivenFirm) {
  const clientId = await firm.client();
  const dueOn = inDays(30).slice(0, 10);
  const stepMessages = { "t-7": { subject: "A week left", tone: "firm" } };
  const reminderId = await firm.reminder({ schedule, stepMessages, assignments: [{ clientId, dueOn }] });
  const sent = await firm.post(`/v1/reminders/${reminderId}/send`, { clientIds: [clientId] });
  return { clientId, reminderId, occurrenceId: sent.body.occurrenceId as string };
}

test("a client's timeline tells in plain words what went, what did not and why, and what is to come (K6)", async () => {
  const firm = await api.firm();
  const { clientId, occurrenceId } = await givenReminded(firm);
  const path = `/v1/clients/${clientId}/timeline`;
  const { status, body } = await firm.get(`${path}?to=${inDays(40)}`);
  expect(status).toBe(200);
  const told = (kind: string) => body.items.filter((item: { kind: string }) => item.kind === kind);
  expect(told("moment")).toMatchObject([
    { occurrenceId, state: "queued", final: false, reason: "to_come", messages: [{ channel: "email" }] },
  ]);
  expect(told("upcoming")).toMatchObject([{ stepId: "t-7", tone: "firm", state: "planned" }]);
  expect(told("joined")).toHaveLength(1);
  for (const { sentence } of body.items) expect(sentence).toMatch(/\w.*\.$/);
  expect((await firm.get(path)).body.items.map(({ kind }: { kind: string }) => kind)).not.toContain("upcoming");
  const first = (await firm.get(`${path}?limit=2`)).body;
  const second = (await firm.get(`${path}?limit=100&cursor=${first.nextCursor}`)).body;
  expect([...first.items, ...second.items]).toEqual((await firm.get(`${path}?limit=100`)).body.items);
});

test("a span that cannot be, and a cursor of another list, are refused with the reason (K6)", async () => {
  const firm = await api.firm();
  const path = `/v1/clients/${await firm.client()}/timeline`;
  for (const [query, field] of [
    [`to=${inDays(400)}`, "to"],
    [`from=${inDays(2)}&to=${inDays(1)}`, "from"],
    ["cursor=b64", "cursor"],
    [`cursor=${Buffer.from("1 mnothing").toString("base64url")}`, "cursor"],
  ]) {
    const { status, body } = await firm.get(`${path}?${query}`);
    expect([status, body.errors?.[0]?.field]).toEqual([422, field]);
  }
});

test("a moment tells every message and who got none, and is found by its reminder (K6)", async () => {
  const firm = await api.firm();
  const { clientId, reminderId, occurrenceId } = await givenReminded(firm);
  const { body: page } = await firm.get(`/v1/reminders/${reminderId}/occurrences`);
  expect(page.items).toMatchObject([{ id: occurrenceId, state: "expanded", reminderName: expect.any(String) }]);
  expect((await firm.get(`/v1/reminders/${reminderId}/occurrences?state=missed`)).body.items).toEqual([]);
  const { status, body, text } = await firm.get(`/v1/occurrences/${occurrenceId}`);
  expect(status).toBe(200);
  expect(body.deliveries).toMatchObject([{ clientId, state: "queued", reason: "to_come", attempts: [] }]);
  expect(body.deliveries[0].sentence).toMatch(/^By email to .+: It goes when its time comes\.$/);
  expect(body.without).toEqual([]);
  expect(text).not.toMatch(/addressHash|businessId|fence|leaseUntil|token/);
});
