import { randomUUID } from "node:crypto";
import { idempotencyRepo } from "@reminder-app/core/idempotency/idempotency.repo";
import { openDatabase } from "@reminder-app/db/database";
import { sha256 } from "@reminder-app/platform/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, aReminder, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const withKey = (key: string = randomUUID()) => ({ "idempotency-key": key });

test("20 requests at once with one key make one reminder, and all who are answered get that one (J9)", async () => {
  const firm = await api.firm();
  const [body, key] = [aReminder(), withKey()];
  const answers = await Promise.all(Array.from({ length: 20 }, () => firm.post("/v1/reminders", body, key)));
  const made = answers.filter(({ status }) => status === 201);
  expect(new Set(made.map((answer) => answer.body.id))).toHaveProperty("size", 1);
  const others = answers.filter(({ status }) => status !== 201);
  expect(others.map(({ status, body: { code } }) => [status, code])).toEqual(
    others.map(() => [409, "idempotency_in_progress"]),
  );
  expect((await firm.get("/v1/reminders")).body.items).toHaveLength(1);
});

test("a repeated request is answered as the first was, and says so (J9)", async () => {
  const firm = await api.firm();
  const [body, key] = [
    { name: "Hill Ltd", contacts: [{ name: "Ada", addresses: { sms: "+442079460101" } }] },
    withKey(),
  ];
  const first = await firm.post("/v1/clients", body, key);
  const again = await firm.post("/v1/clients", body, key);
  expect([again.status, again.text, again.headers.get("location")]).toEqual([
    201,
    first.text,
    first.headers.get("location"),
  ]);
  expect([first, again].map(({ headers }) => headers.get("idempotent-replayed"))).toEqual([null, "true"]);
});

test("a key that was used for another body is refused, and nothing is written (J9)", async () => {
  const firm = await api.firm();
  const key = withKey();
  await firm.post("/v1/clients", { name: "Hill Ltd" }, key);
  const { status, body } = await firm.post("/v1/clients", { name: "Dale Ltd" }, key);
  expect([status, body.code]).toEqual([422, "idempotency_mismatch"]);
  expect((await firm.get("/v1/clients")).body.items).toHaveLength(1);
});

test("a refused request leaves its key free for the right one (J9)", async () => {
  const firm = await api.firm();
  const key = withKey();
  const wrong = aReminder({ schedule: { kind: "once", at: "2020-01-01T09:00", zone: "UTC" } });
  expect((await firm.post("/v1/reminders", wrong, key)).status).toBe(422);
  expect((await firm.post("/v1/reminders", aReminder(), key)).status).toBe(201);
});

test("firms and routes do not share keys (J9, S21)", async () => {
  const [one, two] = [await api.firm(), await api.firm()];
  const key = withKey();
  const made = [
    await one.post("/v1/clients", { name: "Hill Ltd" }, key),
    await two.post("/v1/clients", { name: "Dale Ltd" }, key),
    await one.post("/v1/reminders", aReminder(), key),
  ];
  expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
});

test("keys that differ in case only are different keys (J9)", async () => {
  const firm = await api.firm();
  const key = `key-${randomUUID()}`;
  const made = [
    await firm.post("/v1/clients", { name: "Hill Ltd" }, withKey(key)),
    await firm.post("/v1/clients", { name: "Hill Ltd" }, withKey(key.toUpperCase())),
  ];
  expect(made.map(({ status }) => status)).toEqual([201, 201]);
  expect(made[0]?.body.id).not.toBe(made[1]?.body.id);
});

test("a message that is sent by hand with a key goes once (J9)", async () => {
  const firm = await api.firm();
  const reminderId = await firm.reminder({ assignments: [{ clientId: await firm.client() }] });
  const key = withKey();
  const first = await firm.post(`/v1/reminders/${reminderId}/send`, {}, key);
  const again = await firm.post(`/v1/reminders/${reminderId}/send`, {}, key);
  expect([first.status, again.status, again.text]).toEqual([202, 202, first.text]);
  expect((await firm.get("/v1/deliveries")).body.items).toHaveLength(1);
});

test("what is kept of an answer shows no address to who reads the database (S64)", async () => {
  const firm = await api.firm();
  const key = randomUUID();
  const contacts = [{ name: "Ada", addresses: { email: "canary@clients.example" } }];
  await firm.post("/v1/clients", { name: "Hill Ltd", contacts }, withKey(key));
  const { id, businessId } = (await firm.get("/v1/me")).body;
  const database = openDatabase({ url: api.settings.DATABASE_URL, connections: 1 });
  const kept = idempotencyRepo({ db: database.db, businessId });
  const row = await kept.find({ actor: id, route: "createClient", key: sha256(key).toString("hex") });
  await database.close();
  expect(row?.answer).toBeTruthy();
  expect(JSON.stringify(row?.answer)).not.toContain("canary");
});

test.each(["", "a b", "x".repeat(101)])("the key %j is refused as unreadable", async (key) => {
  const firm = await api.firm();
  const { status, body } = await firm.post("/v1/clients", { name: "Hill Ltd" }, { "idempotency-key": key });
  expect([status, body.code]).toEqual([400, "malformed_request"]);
});
