import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, aReminder, givenApi } from "../given-api.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

const names = ["constructor", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"];

test.each(names)("a query key like %s, which every object has, is unknown like any other (S36)", async (name) => {
  for (const path of ["/v1/clients", "/v1/reminders", "/v1/deliveries", "/v1/me"]) {
    const { status, body } = await firm.get(`${path}?${name}=1`);
    expect([status, body.errors]).toEqual([422, [{ field: name, message: "is not a known field" }]]);
  }
});

test.each(names)("a body field like %s, which every object has, is unknown like any other (S22)", async (name) => {
  const { status, body } = await firm.post("/v1/clients", { name: "Hill Ltd", [name]: 1 });
  expect([status, body.errors]).toEqual([422, [{ field: name, message: "is not a known field" }]]);
});

test.each([
  ["once", { kind: "once", at: "9999-12-31T23:59", zone: "Pacific/Honolulu" }, "schedule.at"],
  ["once, in time, but not with its grace", { kind: "once", at: "9999-12-31T00:00", zone: "UTC" }, "schedule.at"],
  ["recurring", { kind: "recurring", start: "9910-01-01T09:00", zone: "UTC", rule: "FREQ=DAILY" }, "schedule.rule"],
])("a moment at the end of all dates is refused: %s (S30)", async (_kind, schedule, field) => {
  const { status, body } = await firm.post("/v1/reminders", aReminder({ schedule }));
  expect([status, body.errors?.[0].field]).toEqual([422, field]);
});

test.each(["{{ (1..100000000) }}", "{{ client.name | truncate: 9, 'x' }}".repeat(300)])(
  "a text that is too much to write is refused when it is saved: %s (S32)",
  async (body) => {
    const answer = await firm.post("/v1/reminders", aReminder({ body }));
    expect([answer.status, answer.body.errors?.[0].field]).toEqual([422, "body"]);
  },
);

describe("a request that takes no body", () => {
  test.each([
    ["of another type", { body: "x", headers: { "content-type": "text/plain" } }, 415],
    ["that is too large", { body: "x".repeat(200_000) }, 413],
  ])("refuses one %s (S38)", async (_what, options, status) => {
    expect((await api.call("POST", "/v1/auth/logout", { token: firm.token, ...options })).status).toBe(status);
    expect((await firm.get("/v1/me")).status).toBe(200);
  });
});

test("many who write at one reminder at once take turns, and none fails (S30)", async () => {
  const clientIds = await Promise.all(Array.from({ length: 12 }, () => firm.client()));
  const id = await firm.reminder({ assignments: [{ clientId: clientIds[0] }] });
  const path = `/v1/reminders/${id}`;
  const writes = clientIds.flatMap((clientId, index) => [
    () => firm.post(`${path}/assignments`, { assignments: [{ clientId, period: `p${index}` }] }),
    () => firm.post(`${path}/send`, { evenIfRecent: true }),
    () => firm.patch(path, { name: `VAT ${index}` }),
    () => firm.post(`${path}/${index % 2 === 0 ? "pause" : "resume"}`),
    () => firm.post(`/v1/clients/${clientId}/${index % 2 === 0 ? "archive" : "restore"}`),
  ]);
  const answers = await Promise.all(writes.map((write) => write()));
  const refused = answers.filter(({ status }) => status >= 400).map(({ body }) => body.code);
  expect(refused.filter((code) => !["conflict", "not_found"].includes(code))).toEqual([]);
});

test("what nobody may keep is never answered as unchanged, and a path that cannot be read is not kept either (S43)", async () => {
  const headers = { "if-none-match": "*", "if-modified-since": new Date().toUTCString() };
  expect((await api.call("GET", "/v1/business", { token: firm.token, headers })).status).toBe(200);
  const unreadable = await firm.get("/v1/clients/%ff");
  expect([unreadable.status, unreadable.headers.get("cache-control")]).toEqual([400, "no-store"]);
  expect(unreadable.body.detail).toContain("path");
});
