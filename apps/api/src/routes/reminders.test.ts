import { connectProducer } from "@reminder-app/queues/connection";
import { type Producer, createProducer } from "@reminder-app/queues/producer";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, aReminder, givenApi } from "../given-api.ts";

let api: GivenApi;
let redis: Redis;
let producer: Producer;
beforeAll(async () => {
  api = await givenApi();
  redis = connectProducer(api.settings.REDIS_URL, () => {});
  await new Promise((resolve) => redis.once("ready", resolve));
  producer = createProducer({ connection: redis, prefix: api.settings.QUEUE_PREFIX });
});
afterAll(async () => {
  await producer.close();
  redis.disconnect();
  await api.close();
});

/** When the one timer of a reminder rings next. */
async function ringsAt(id: string): Promise<Date | undefined> {
  const timer = await producer.queue("reminders").getJobScheduler(id);
  return timer?.next === undefined ? undefined : new Date(timer.next);
}

const monthly = {
  kind: "recurring",
  start: "2027-01-31T09:00",
  zone: "Europe/London",
  rule: "FREQ=MONTHLY;BYMONTHDAY=-1",
};

test("a reminder is a draft without a timer until it is activated", async () => {
  const firm = await api.firm();
  const { body, headers } = await firm.post("/v1/reminders", aReminder({ activate: false }));
  expect([body.status, body.nextDueAt, headers.get("location")]).toEqual(["draft", null, `/v1/reminders/${body.id}`]);
  expect(await ringsAt(body.id)).toBeUndefined();
  const active = await firm.post(`/v1/reminders/${body.id}/activate`);
  expect(active.body.status).toBe("active");
  const lead = new Date(active.body.nextDueAt).getTime() - (await ringsAt(body.id))!.getTime();
  expect(lead).toBe(30_000);
});

test.each([
  ["deadline", "done"],
  ["payment", "paid"],
  ["document", "received"],
  ["appointment", "none"],
  ["custom", "done"],
])("a reminder of type %s stops by default when %s", async (type, stopRule) => {
  const { body } = await (await api.firm()).post("/v1/reminders", aReminder({ type }));
  expect(body).toMatchObject({ type, stopRule });
});

test("a recurring reminder is next due at its local wall time (A2)", async () => {
  const { body } = await (await api.firm()).post("/v1/reminders", aReminder({ schedule: monthly }));
  expect(body.nextDueAt).toBe("2027-01-31T09:00:00.000Z");
});

test("a changed schedule moves the timer, and an edit is a new revision", async () => {
  const firm = await api.firm();
  const id = await firm.reminder();
  const { body } = await firm.patch(`/v1/reminders/${id}`, { schedule: monthly, subject: "Please" });
  expect(body).toMatchObject({ revision: 2, subject: "Please", nextDueAt: "2027-01-31T09:00:00.000Z" });
  expect(await ringsAt(id)).toEqual(new Date("2027-01-31T08:59:30Z"));
});

test("a paused reminder says until when, files what comes due by its timer, and is resumed (A15)", async () => {
  const firm = await api.firm();
  const id = await firm.reminder();
  const paused = await firm.post(`/v1/reminders/${id}/pause`, { until: "2099-01-07" });
  expect(paused.body).toMatchObject({
    reminder: { status: "paused", pausedUntil: "2099-01-07T00:00:00.000Z" },
    postponed: 0,
    inFlight: 0,
  });
  expect(await ringsAt(id)).toBeInstanceOf(Date);
  expect((await firm.post(`/v1/reminders/${id}/pause`)).body.reminder.pausedUntil).toBeNull();
  expect((await firm.post(`/v1/reminders/${id}/resume`)).body).toMatchObject({ status: "active", pausedUntil: null });
});

test.each([
  ["2026-01-01", "past"],
  ["2026-01-01T09:00:00Z", "past"],
  ["2099-02-30", "Write a date"],
  ["tomorrow", "Write a date"],
  ["9999-12-31", "9900"],
])("a pause until %s is refused with the reason (A15)", async (until, reason) => {
  const firm = await api.firm();
  const id = await firm.reminder();
  const refused = await firm.post(`/v1/reminders/${id}/pause`, { until });
  expect([refused.status, refused.body.errors[0].field]).toEqual([422, "until"]);
  expect(refused.body.errors[0].message).toContain(reason);
});

test("cancelling is final, and tells what it stopped (B5)", async () => {
  const firm = await api.firm();
  const id = await firm.reminder({ assignments: [{ clientId: await firm.client() }] });
  await firm.post(`/v1/reminders/${id}/send`, {});
  const { body } = await firm.post(`/v1/reminders/${id}/cancel`);
  expect(body).toMatchObject({ reminder: { status: "cancelled", nextDueAt: null }, cancelled: 1, inFlight: 0 });
  expect(await ringsAt(id)).toBeUndefined();
  for (const verb of ["activate", "pause", "resume", "send"]) {
    const answer = await firm.post(`/v1/reminders/${id}/${verb}`, verb === "send" ? {} : undefined);
    expect([verb, answer.status, answer.body.code]).toEqual([verb, 409, "conflict"]);
  }
});

test("reminders are listed the newest first, and by status", async () => {
  const firm = await api.firm();
  const [draft, active] = [await firm.reminder({ activate: false }), await firm.reminder()];
  const listed = async (query = "") =>
    (await firm.get(`/v1/reminders${query}`)).body.items.map(({ id }: { id: string }) => id);
  expect(await listed()).toEqual([active, draft]);
  expect(await listed("?status=draft")).toEqual([draft]);
});

test("sending by hand answers with the outcome for each client (A16)", async () => {
  const firm = await api.firm();
  const [clientId, stranger] = [await firm.client(), await firm.client()];
  const id = await firm.reminder({ assignments: [{ clientId }] });
  const sent = await firm.post(`/v1/reminders/${id}/send`, { clientIds: [clientId, stranger] });
  expect([sent.status, sent.body.countsAsNext]).toEqual([202, false]);
  expect(sent.body.clients.map(({ outcome }: { outcome: string }) => outcome).toSorted()).toEqual([
    "not_assigned",
    "queued",
  ]);
  expect((await firm.get(`/v1/deliveries?reminderId=${id}`)).body.items).toHaveLength(1);
});

test("what waits in Redis are ids: no name, no text, no address (J14)", async () => {
  const firm = await api.firm();
  const contacts = [{ name: "Canary Hill", addresses: { email: "canary@clients.example" } }];
  const clientId = await firm.client({ name: "Canary Ltd", contacts });
  const id = await firm.reminder({ subject: "Canary subject", body: "Canary body", assignments: [{ clientId }] });
  const { body } = await firm.post(`/v1/reminders/${id}/send`, {});
  const [deliveryId] = body.clients[0].deliveryIds;
  const jobs = await producer.queue("deliver-email").getJobs(["waiting", "delayed", "prioritized"]);
  const job = jobs.find(({ data }) => data.deliveryId === deliveryId);
  const { businessId } = (await firm.get("/v1/me")).body;
  expect(job?.data).toEqual({ v: 1, businessId, deliveryId, fence: 0, channel: "email" });
  for (const key of await redis.keys(`${api.settings.QUEUE_PREFIX}:*`)) {
    const held = (await redis.type(key)) === "hash" ? JSON.stringify(await redis.hgetall(key)) : "";
    expect(held).not.toMatch(/canary/i);
  }
});

test("a changed time of the daily message moves the timers (C13)", async () => {
  const firm = await api.firm();
  const id = await firm.reminder({ schedule: monthly });
  const before = await ringsAt(id);
  await firm.patch("/v1/business", { dailyMessageAt: "10:30" });
  expect((await ringsAt(id))!.getTime() - before!.getTime()).toBe(90 * 60_000);
  await firm.patch("/v1/business", { dailyMessageAt: null });
  expect(await ringsAt(id)).toEqual(before);
});
