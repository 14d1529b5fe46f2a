import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, aReminder, givenApi } from "../given-api.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

const contact = (fields: object) => ({ name: "Hill Ltd", contacts: [{ name: "Ada", ...fields }] });
const recurring = (fields: object) =>
  aReminder({ schedule: { kind: "recurring", start: "2027-01-04T09:00", zone: "UTC", rule: "FREQ=DAILY", ...fields } });

describe("a wrong field is a 422 that names it (S22, S30)", () => {
  test.each<[string, string, object, string]>([
    ["an unknown zone", "/v1/clients", { name: "Hill", timeZone: "Europe/Lundon" }, "timeZone"],
    ["an unknown zone of a schedule", "/v1/reminders", recurring({ zone: "Mars/Olympus" }), "schedule.zone"],
    [
      "a rule that never matches",
      "/v1/reminders",
      recurring({ rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }),
      "schedule.rule",
    ],
    ["a rule with an unknown part", "/v1/reminders", recurring({ rule: "FREQ=DAILY;BYMOON=1" }), "schedule.rule"],
    ["a rule more often than daily", "/v1/reminders", recurring({ rule: "FREQ=HOURLY" }), "schedule.rule"],
    [
      "a moment in the past",
      "/v1/reminders",
      aReminder({ schedule: { kind: "once", at: "2020-01-01T09:00", zone: "UTC" } }),
      "schedule.at",
    ],
    [
      "a day that is none",
      "/v1/reminders",
      aReminder({ schedule: { kind: "once", at: "2027-02-30T09:00", zone: "UTC" } }),
      "schedule.at",
    ],
    ["a schedule of an unknown kind", "/v1/reminders", aReminder({ schedule: { kind: "cron" } }), "schedule.kind"],
    [
      "a phone number that is none",
      "/v1/clients",
      contact({ addresses: { sms: "12345" } }),
      "contacts.0.addresses.sms",
    ],
    [
      "a phone number without its country",
      "/v1/clients",
      contact({ addresses: { whatsapp: "020 7946 0101" } }),
      "contacts.0.addresses.whatsapp",
    ],
    [
      "an e-mail address that is none",
      "/v1/clients",
      contact({ addresses: { email: "ada@" } }),
      "contacts.0.addresses.email",
    ],
    [
      "a header in an e-mail address",
      "/v1/clients",
      contact({ addresses: { email: "a@b.example\r\nBcc: c@d.example" } }),
      "contacts.0.addresses.email",
    ],
    ["an unknown channel", "/v1/reminders", aReminder({ channels: ["pigeon"] }), "channels.0"],
    ["no channel", "/v1/reminders", aReminder({ channels: [] }), "channels"],
    ["an unknown merge field", "/v1/reminders", aReminder({ body: "Dear {{ client.nickname }}" }), "body"],
    ["a template that does not end", "/v1/reminders", aReminder({ subject: "Dear {{ client.name" }), "subject"],
    ["a line break in a subject", "/v1/reminders", aReminder({ subject: "VAT\nBcc: eve@rival.example" }), "subject"],
    ["a NUL in a name", "/v1/clients", { name: "Hill\u0000Ltd" }, "name"],
    ["half a character in a name", "/v1/clients", { name: "Hill \ud800" }, "name"],
    ["a field that is unknown", "/v1/clients", { name: "Hill", businessId: "x" }, "businessId"],
    ["an unknown field below", "/v1/clients", contact({ nickname: "A" }), "contacts.0.nickname"],
    ["a missing field", "/v1/clients", {}, "name"],
    ["a list instead of an object", "/v1/clients", [], ""],
    ["a field for a request that takes none", "/v1/auth/logout", { everywhere: true }, "everywhere"],
    ["too many previews", "/v1/schedules/preview", { schedule: recurring({}).schedule, limit: 501 }, "limit"],
    [
      "an instant without a zone",
      "/v1/schedules/preview",
      { schedule: recurring({}).schedule, after: "2027-01-01T00:00" },
      "after",
    ],
  ])("%s", async (_what, path, body, field) => {
    const answer = await firm.post(path, body);
    expect([answer.status, answer.body.code]).toEqual([422, "validation_failed"]);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  test("a client whom no channel of the reminder reaches, and nothing is written", async () => {
    const clientId = await firm.client(contact({ addresses: { sms: "+442079460101" } }));
    const before = (await firm.get("/v1/reminders?limit=100")).body.items.length;
    const { status, body } = await firm.post("/v1/reminders", aReminder({ assignments: [{ clientId }] }));
    expect([status, body.errors[0].field]).toEqual([422, "assignments.0.clientId"]);
    expect((await firm.get("/v1/reminders?limit=100")).body.items).toHaveLength(before);
  });

  test("a due date that the text names and the assignment lacks", async () => {
    const body = aReminder({ body: "It is due on {{ due_date }}.", assignments: [{ clientId: await firm.client() }] });
    const answer = await firm.post("/v1/reminders", body);
    expect([answer.status, answer.body.errors[0].field]).toEqual([422, "assignments.0.dueOn"]);
  });

  test.each([
    ["?limit=0", "limit"],
    ["?limit=101", "limit"],
    ["?limit=ten", "limit"],
    ["?cursor=1", "cursor"],
    ["?archived=yes", "archived"],
    ["?sort=name", "sort"],
  ])("the query %s", async (query, field) => {
    const { status, body } = await firm.get(`/v1/clients${query}`);
    expect([status, body.errors[0].field]).toEqual([422, field]);
  });
});

describe("what cannot be read at all is refused before anything is done (S36, S38, S43)", () => {
  const text = { "content-type": "text/plain" };
  const gzip = { "content-encoding": "gzip" };
  test.each<[string, string, string, { body?: string; headers?: Record<string, string> }, number, string]>([
    ["broken JSON", "POST", "/v1/clients", { body: "{ name" }, 400, "malformed_request"],
    ["a bare word", "POST", "/v1/clients", { body: "true" }, 400, "malformed_request"],
    [
      "a key that reaches a prototype",
      "POST",
      "/v1/clients",
      { body: '{"name":"a","__proto__":{}}' },
      400,
      "malformed_request",
    ],
    [
      "a hundred brackets",
      "POST",
      "/v1/clients",
      { body: "[".repeat(100) + "]".repeat(100) },
      400,
      "malformed_request",
    ],
    [
      "more than 100 KiB",
      "POST",
      "/v1/clients",
      { body: JSON.stringify({ name: "x".repeat(102_400) }) },
      413,
      "payload_too_large",
    ],
    ["another content type", "POST", "/v1/clients", { body: "name=a", headers: text }, 415, "unsupported_media_type"],
    [
      "another character set",
      "POST",
      "/v1/clients",
      { body: "{}", headers: { "content-type": "application/json; charset=utf-7" } },
      415,
      "unsupported_media_type",
    ],
    ["a compressed body", "POST", "/v1/clients", { body: "{}", headers: gzip }, 415, "unsupported_media_type"],
    ["a query key that comes twice", "GET", "/v1/clients?limit=1&limit=2", {}, 400, "malformed_request"],
    ["a query key that reaches a prototype", "GET", "/v1/clients?__proto__=1", {}, 400, "malformed_request"],
    ["a path that is not UTF-8", "GET", "/v1/clients/%E0%A4%A", {}, 400, "malformed_request"],
    ["an unknown path", "GET", "/v1/customers", {}, 404, "not_found"],
    ["an id that is none", "GET", "/v1/clients/42", {}, 404, "not_found"],
  ])("%s", async (_what, method, path, options, status, code) => {
    const answer = await api.call(method, path, { token: firm.token, ...options });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.body.requestId).toBe(answer.headers.get("x-request-id"));
    expect(answer.text).not.toMatch(/node_modules|select |\.ts:/i);
  });

  test("a wrong method is told which are right", async () => {
    const answer = await firm.delete("/v1/clients");
    expect([answer.status, answer.body.code, answer.headers.get("allow")]).toEqual([
      405,
      "method_not_allowed",
      "POST, GET",
    ]);
  });
});

test("a channel without a provider is refused when the reminder is saved, with the setting that is missing", async () => {
  const without = await givenApi({ TWILIO_ACCOUNT_SID: "", TWILIO_AUTH_TOKEN: "", TWILIO_FROM: "" });
  const { status, body } = await (
    await without.firm()
  ).post("/v1/reminders", aReminder({ channels: ["email", "sms"] }));
  await without.close();
  expect([status, body.errors]).toEqual([
    422,
    [{ field: "channels.1", message: "sms is off: TWILIO_ACCOUNT_SID is not set" }],
  ]);
});
