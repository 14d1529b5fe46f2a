import { validationRules } from "@reminder-app/core/validation-rules";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, aReminder, givenApi } from "../given-api.ts";

const lines: string[] = [];
let strict: GivenApi;
let relaxed: GivenApi;
let firm: GivenFirm;
let lenient: GivenFirm;
beforeAll(async () => {
  strict = await givenApi();
  relaxed = await givenApi({ STRICT_VALIDATION: "False" }, { write: (line) => void lines.push(line) });
  [firm, lenient] = await Promise.all([strict.firm(), relaxed.firm()]);
});
afterAll(() => Promise.all([strict.close(), relaxed.close()]));

const contact = (email: string) => ({ name: "Ada Hill", addresses: { email } });
const year = new Date().getUTCFullYear();

/** What breaks each rule, and what is close to it and breaks none. */
const samples: Readonly<Record<keyof typeof validationRules, readonly [field: string, broken: Sample, kept: Sample]>> =
  {
    email_domain_typo: ["contacts.0.addresses.email", client("ada@gmial.com"), client("ada@gmail.com")],
    subject_long: ["subject", reminder({ subject: "x".repeat(79) }), reminder({ subject: "x".repeat(78) })],
    subject_capitals: [
      "subject",
      reminder({ subject: "PAY NOW OR ELSE, {{ client.name }}" }),
      reminder({ subject: "VAT: pay now, {{ client.name }}" }),
    ],
    text_asks_for_secret: [
      "body",
      reminder({ body: "Please send us your password." }),
      reminder({ body: "Please pass this on to your bookkeeper." }),
    ],
    text_has_markup: ["body", reminder({ body: "Hello <b>you</b>" }), reminder({ body: "If a < b or <3 apples" })],
    link_untrusted: [
      "body",
      reminder({ body: "See http://ledger.example/" }),
      reminder({ body: "See https://ledger.example/" }),
    ],
    sms_long: [
      "body",
      reminder({ body: "x".repeat(919), channels: ["email", "sms"] }),
      reminder({ body: "x".repeat(918), channels: ["email", "sms"] }),
    ],
    schedule_far: [
      "schedule",
      reminder({ schedule: { kind: "once", at: `${year + 6}-03-01T09:00`, zone: "UTC" } }),
      reminder({ schedule: { kind: "once", at: `${year + 4}-03-01T09:00`, zone: "UTC" } }),
    ],
  };

interface Sample {
  readonly path: string;
  readonly body: object;
}

function client(email: string): Sample {
  return { path: "/v1/clients", body: { name: "Hill Ltd", contacts: [contact(email)] } };
}

function reminder(input: object): Sample {
  return { path: "/v1/reminders", body: aReminder(input) };
}

const relaxedLines = () => lines.filter((line) => line.includes('"rule"')).map((line) => JSON.parse(line) as object);

describe.each(Object.entries(samples))("the rule %s", (rule, [field, broken, kept]) => {
  test("refuses in strict validation, with its name, and only what breaks it (J5)", async () => {
    const { status, body } = await firm.post(broken.path, broken.body);
    expect([status, body.code]).toEqual([422, "validation_failed"]);
    expect(body.errors).toEqual([
      { field, code: rule, message: validationRules[rule as keyof typeof validationRules] },
    ]);
    expect((await firm.post(kept.path, kept.body)).status).toBe(201);
  });

  test("lets it through and logs it where validation is relaxed (J5)", async () => {
    lines.length = 0;
    const { status, headers } = await lenient.post(broken.path, broken.body);
    expect(status).toBe(201);
    expect(relaxedLines()).toEqual([
      expect.objectContaining({ level: "warn", rule, field, request: headers.get("x-request-id") }),
    ]);
  });
});

test("several warnings are told at once, and nothing is written (J5)", async () => {
  const name = `Never ${year}`;
  const both = aReminder({ name, subject: "SEND YOUR PASSWORD", body: "See http://ledger.example/" });
  const { body } = await firm.post("/v1/reminders", both);
  expect(body.errors.map(({ code }: { code: string }) => code)).toEqual([
    "subject_capitals",
    "text_asks_for_secret",
    "link_untrusted",
  ]);
  const { body: listed } = await firm.get("/v1/reminders?limit=100");
  expect(JSON.stringify(listed)).not.toContain(name);
});

test("a change is held to the same rules, in what it changes (J5)", async () => {
  const id = await firm.reminder({ body: "x".repeat(919) });
  const change = (input: object) => firm.patch(`/v1/reminders/${id}`, input);
  expect((await change({ name: "Another" })).status).toBe(200);
  expect((await change({ channels: ["email", "sms"] })).body.errors[0].code).toBe("sms_long");
  expect((await change({ subject: "x".repeat(79) })).body.errors[0].code).toBe("subject_long");
  const far = { kind: "once", at: `${year + 6}-03-01T09:00`, zone: "UTC" };
  expect((await change({ schedule: far })).body.errors[0].code).toBe("schedule_far");

  const clientId = await firm.client();
  const contacts = `/v1/clients/${clientId}/contacts`;
  expect((await firm.post(contacts, contact("ada@firm.con"))).body.errors[0].field).toBe("addresses.email");
  const { body } = await firm.post(contacts, contact("ada@firm.example"));
  const changed = await firm.patch(`${contacts}/${body.contacts[1].id}`, { addresses: { email: "ada@hotmial.com" } });
  expect(changed.body.errors[0].code).toBe("email_domain_typo");
});

test.each<[string, Sample]>([
  ["a type", reminder({ name: 7 })],
  ["a length", reminder({ name: "x".repeat(201) })],
  ["a header's line break", reminder({ subject: "VAT\r\nBcc: eve@rival.example" })],
  ["a template", reminder({ body: "{{ client.constructor }}" })],
  ["a hidden character", reminder({ name: "VAT\u202Egpj" })],
  ["an unknown field", reminder({ businessId: "x" })],
  ["an address", client("ada")],
])("%s is checked where validation is relaxed too (J5)", async (_what, { path, body }) => {
  expect((await lenient.post(path, body)).status).toBe(422);
});

test("rights are checked where validation is relaxed too (J5)", async () => {
  const foreign = await lenient.client();
  const other = await relaxed.firm();
  expect((await other.get(`/v1/clients/${foreign}`)).status).toBe(404);
  expect((await relaxed.call("GET", "/v1/clients")).status).toBe(401);
});
