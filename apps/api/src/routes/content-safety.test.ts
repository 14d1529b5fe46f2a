import { RegisterInput } from "@reminder-app/core/members/register";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, aReminder, givenApi, password } from "../given-api.ts";

let api: GivenApi;
let firm: GivenFirm;
let reminderPath: string;
let clientPath: string;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
  [clientPath, reminderPath] = [`/v1/clients/${await firm.client()}`, `/v1/reminders/${await firm.reminder()}`];
});
afterAll(() => api.close());

const contact = (input: object) => ({ name: "Ada Hill", ...input });
/** As the route parses it; the route itself takes only a few an hour. */
function registering(input: object) {
  const owner = { businessName: "Ledger", timeZone: "UTC", name: "Dana", email: "dana@firms.example", password };
  expect(RegisterInput.safeParse(owner).success).toBe(true);
  return { status: RegisterInput.safeParse({ ...owner, ...input }).success ? 202 : 422 };
}

/** Every text that may come to stand in a header of a mail: From, To, Subject. */
const headers: readonly (readonly [field: string, write: (evil: string) => Promise<{ status: number }>])[] = [
  ["a business's name", (name) => firm.patch("/v1/business", { name })],
  ["a new business's name", async (businessName) => registering({ businessName })],
  ["a member's name", async (name) => registering({ name })],
  ["a client's name", (name) => firm.post("/v1/clients", { name })],
  ["a client's changed name", (name) => firm.patch(clientPath, { name })],
  ["a contact's name", (name) => firm.post(`${clientPath}/contacts`, contact({ name }))],
  ["a contact's address", (email) => firm.post(`${clientPath}/contacts`, contact({ addresses: { email } }))],
  ["a reminder's name", (name) => firm.post("/v1/reminders", aReminder({ name }))],
  ["a subject", (subject) => firm.post("/v1/reminders", aReminder({ subject }))],
  ["a changed subject", (subject) => firm.patch(reminderPath, { subject })],
];
const endings = [
  ["CR LF", "ada@hill.example\r\nBcc: eve@rival.example"],
  ["LF", "ada@hill.example\nBcc: eve@rival.example"],
  ["CR", "ada@hill.example\rBcc: eve@rival.example"],
  ["NUL", "ada@hill.example\u0000eve"],
  ["a next line of C1", "ada@hill.example\u0085Bcc: eve@rival.example"],
  ["a line separator", "ada@hill.example\u2028Bcc: eve@rival.example"],
  ["an override of the direction", "ada@hill.example\u202Eeve"],
] as const;

describe.each(headers)("%s", (_field, write) => {
  test.each(endings)("with %s in it is refused (S34)", async (_what, evil) => {
    expect((await write(evil)).status).toBe(422);
  });
});

test.each<[string, (list: readonly string[]) => Promise<{ status: number }>]>([
  ["a business's default channels", (defaultChannels) => firm.patch("/v1/business", { defaultChannels })],
  ["a contact's preferences", (any) => firm.post(`${clientPath}/contacts`, contact({ preferences: { any } }))],
  [
    "a contact's preferences by type",
    (payment) => firm.post(`${clientPath}/contacts`, contact({ preferences: { payment } })),
  ],
  ["a reminder's channels", (channels) => firm.post("/v1/reminders", aReminder({ channels }))],
])("%s name each channel once (S30)", async (_what, write) => {
  expect((await write(["email", "sms", "email"])).status).toBe(422);
  expect((await write(["email", "sms"])).status).toBeLessThan(300);
});

test("a contact has each role once (S30)", async () => {
  const write = (roles: readonly string[]) => firm.post(`${clientPath}/contacts`, contact({ roles }));
  expect((await write(["billing", "billing"])).status).toBe(422);
  expect((await write(["billing", "primary"])).status).toBe(201);
});
