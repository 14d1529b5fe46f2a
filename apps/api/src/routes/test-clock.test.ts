import { aContact } from "@reminder-app/testing/given-business";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { aKey } from "../given-objects.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

/** A test business of a firm's owner, with the owner signed in to it. */
async function givenTrial(): Promise<{ firm: GivenFirm; call: GivenApi["call"] }> {
  const firm = await api.firm();
  await firm.verify();
  const made = await firm.post("/v1/businesses", { name: "Trial", timeZone: "Europe/London", mode: "test" });
  const { id: businessId } = made.body as { id: string };
  const login = { email: firm.email, password: "correct horse battery", businessId };
  const signedIn = await api.call("POST", "/v1/auth/login", { body: login });
  const { accessToken: token } = signedIn.body as { accessToken: string };
  return { firm, call: (method, path, options = {}) => api.call(method, path, { token, ...options }) };
}

const vatReturn = {
  name: "VAT return",
  type: "deadline",
  schedule: { kind: "recurring", start: "2030-01-31T09:00", zone: "Europe/London", rule: "FREQ=MONTHLY;BYMONTHDAY=-1" },
  channels: ["email"],
  subject: "VAT return of {{ client.name }}",
  body: "Dear {{ contact.first_name }}, please send us your VAT figures.",
  activate: true,
};

async function givenReminded({ call }: Pick<GivenApi, "call">): Promise<{ reminderId: string; clientId: string }> {
  const contacts = [{ name: "Ada Hill", addresses: { email: "ada@clients.example" } }];
  const client = await call("POST", "/v1/clients", { body: { name: "Hill Ltd", contacts } });
  const { id: clientId } = client.body as { id: string };
  const reminder = await call("POST", "/v1/reminders", { body: { ...vatReturn, assignments: [{ clientId }] } });
  return { clientId, reminderId: (reminder.body as { id: string }).id };
}

test("a firm lives through a quarter in a moment, and reads what would have gone out (J12)", async () => {
  const { call } = await givenTrial();
  expect((await call("POST", "/v1/test-clock/freeze", { body: { at: "2030-01-01T00:00:00Z" } })).body).toEqual({
    mode: "test",
    now: "2030-01-01T00:00:00.000Z",
    next: null,
  });
  const { reminderId, clientId } = await givenReminded({ call });
  expect((await call("GET", "/v1/test-clock")).body).toMatchObject({ next: "2030-01-31T09:00:00.000Z" });

  const advanced = await call("POST", "/v1/test-clock/advance", { body: { by: { months: 3 } } });

  const march = "2030-03-31T23:00:00.000Z";
  expect(advanced.body).toEqual({ now: march, to: march, reached: true, sent: 3, skipped: 0, failed: 0 });
  for (const filter of ["", `?clientId=${clientId}`, `?reminderId=${reminderId}`]) {
    const { items } = (await call("GET", `/v1/test-messages${filter}`)).body as { items: object[] };
    expect(items).toMatchObject([
      { sentAt: "2030-03-31T08:00:00.000Z", recipient: "ada@clients.example", subject: "VAT return of Hill Ltd" },
      { sentAt: "2030-02-28T09:00:00.000Z" },
      { sentAt: "2030-01-31T09:00:00.000Z" },
    ]);
  }
  const sent = (await call("GET", "/v1/deliveries?state=accepted")).body as { items: object[] };
  expect(sent.items).toHaveLength(3);
});

test("what is made in a test business is made at its own time, while its sessions and audit trail are true (J12)", async () => {
  const { call } = await givenTrial();
  await call("POST", "/v1/test-clock/freeze", { body: { at: "2029-06-01T00:00:00Z" } });
  await givenReminded({ call });
  const clients = (await call("GET", "/v1/clients")).body as { items: object[] };
  expect(clients.items).toMatchObject([{ createdAt: "2029-06-01T00:00:00.000Z" }]);
  const trail = (await call("GET", "/v1/audit")).body as { items: { action: string; at: string }[] };
  const created = trail.items.find(({ action }) => action === "reminder.created");
  expect(Math.abs(Date.parse(created?.at ?? "") - Date.now())).toBeLessThan(60_000);
  expect((await call("GET", "/v1/me")).status).toBe(200);
});

test("a test key moves the clock, and needs the scope for it (J12, J8)", async () => {
  const { call } = await givenTrial();
  const keyWith = async (scopes: string[]) => {
    const made = await call("POST", "/v1/api-keys", { body: { ...aKey(), scopes } });
    return (made.body as { key: string }).key;
  };
  const [writes, reads] = [await keyWith(["business:write"]), await keyWith(["business:read"])];
  expect(writes).toMatch(/^rk_test_/);
  const body = { by: { days: 1 } };
  expect((await call("POST", "/v1/test-clock/advance", { token: writes, body })).status).toBe(200);
  expect((await call("POST", "/v1/test-clock/advance", { token: reads, body })).status).toBe(403);
});

test.each(["/v1/test-clock/advance", "/v1/test-clock/freeze"])(
  "%s is refused in a live business, with the reason (J12)",
  async (path) => {
    const firm = await api.firm();
    const body = path.endsWith("freeze") ? { at: "2030-01-01T00:00:00Z" } : { by: { days: 1 } };
    const answer = await firm.post(path, body);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("live business");
    expect((await firm.get("/v1/test-clock")).body).toMatchObject({ mode: "live", next: null });
    expect((await firm.get("/v1/test-messages")).body).toEqual({ items: [] });
  },
);

test.each([
  {},
  { to: "2030-01-01T00:00:00Z", by: { days: 1 } },
  { to: "2020-01-01T00:00:00Z" },
  { to: "2999-01-01T00:00:00Z" },
  { by: { days: -1 } },
])("the clock does not move by %j (J12)", async (body) => {
  const { call } = await givenTrial();
  const before = await call("GET", "/v1/test-clock");
  expect((await call("POST", "/v1/test-clock/advance", { body })).status).toBe(422);
  expect((await call("GET", "/v1/test-clock")).body).toEqual(before.body);
});

test.each([
  ["live", 2],
  ["test", 0],
] as const)(
  "a %s business has so many timers and jobs for a reminder and a message: %i (J12)",
  async (mode, expected) => {
    const { firm, call } = await givenTrial();
    const caller = mode === "live" ? firm : { post: (path: string, body: unknown) => call("POST", path, { body }) };
    const client = await caller.post("/v1/clients", { name: "Hill Ltd", contacts: [aContact()] });
    const assignments = [{ clientId: (client.body as { id: string }).id }];
    const reminder = await caller.post("/v1/reminders", { ...vatReturn, assignments });
    const { id } = reminder.body as { id: string };
    const sent = await caller.post(`/v1/reminders/${id}/send`, {});
    const { clients } = sent.body as { clients: { deliveryIds: string[] }[] };
    const redis = new Redis(api.settings.REDIS_URL);
    const keys = await redis.keys(`${api.settings.QUEUE_PREFIX}:*`);
    redis.disconnect();
    const ofOurs = (ending: string) => keys.some((key) => key.includes(ending));
    expect([ofOurs(`repeat:${id}`), ofOurs(`d${clients[0]?.deliveryIds[0]}`)].filter(Boolean)).toHaveLength(expected);
  },
);
