import { aContact } from "@reminder-app/testing/given-business";
import { givenOwnDatabase } from "@reminder-app/testing/given-own-database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi, password } from "./given-api.ts";
import { runCommand } from "./given-command.ts";

const key = (id: number, fill: number) => `${id}:${Buffer.alloc(32, fill).toString("base64")}`;
const old = { ENCRYPTION_KEYS: key(1, 2), LOOKUP_KEYS: key(1, 3) };
const both = { ENCRYPTION_KEYS: `${key(2, 12)},${key(1, 2)}`, LOOKUP_KEYS: `${key(2, 13)},${key(1, 3)}` };
const fresh = { ENCRYPTION_KEYS: key(2, 12), LOOKUP_KEYS: key(2, 13) };
const CLIENTS = 120;

let own: Awaited<ReturnType<typeof givenOwnDatabase>>;
beforeAll(async () => {
  own = await givenOwnDatabase();
});
afterAll(() => own.remove());

async function withApi<Result>(keys: Readonly<Record<string, string>>, work: (api: GivenApi) => Promise<Result>) {
  const api = await givenApi({ DATABASE_URL: own.url, ...keys });
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}

const command = (name: string, ...args: string[]) =>
  runCommand(name, args, { env: { ...testEnvironment, ...both, DATABASE_URL: own.url } });
const testEnvironment = { APP_ENV: "testing", TOKEN_KEYS: key(1, 1), LOG_LEVEL: "silent" };
const underOldKey = () => own.number("select count(*) from contact_addresses where substring(address, 2, 1) = x'01'");

const address = (index: number) => `ada.${index}@clients.example`;

async function fill(api: GivenApi): Promise<GivenFirm> {
  const firm = await api.firm();
  for (let index = 0; index < CLIENTS; index += 1)
    await firm.client({ contacts: [aContact({ addresses: { email: address(index) } })] });
  const keyed = { "idempotency-key": "once" };
  await firm.post("/v1/clients", { name: "Kept answer", contacts: [aContact()] }, keyed);
  return firm;
}

/** That an API with some keys lets the owner in, and finds and reads every address. */
async function requireReadable(keys: Readonly<Record<string, string>>, { email }: GivenFirm): Promise<void> {
  await withApi(keys, async (api) => {
    const login = await api.call("POST", "/v1/auth/login", { body: { email, password } });
    expect(login.status).toBe(200);
    const token = login.body.accessToken as string;
    expect((await api.call("GET", "/v1/me", { token })).body.email).toBe(email);
    for (let index = 0; index < CLIENTS; index += 7) {
      const found = await api.call("GET", `/v1/clients?address=${address(index)}`, { token });
      expect(found.body.items).toHaveLength(1);
      const { body } = await api.call("GET", `/v1/clients/${found.body.items[0].id}`, { token });
      expect(body.contacts[0].addresses.email).toBe(address(index));
    }
    const again = { name: "Other", contacts: [] };
    const replay = await api.call("POST", "/v1/clients", {
      token,
      body: again,
      headers: { "idempotency-key": "once" },
    });
    expect(replay.status).toBe(422); // it was opened far enough to be compared
    const register = { businessName: "Twice", timeZone: "UTC", name: "Dana", email, password };
    expect((await api.call("POST", "/v1/auth/register", { body: register })).status).toBe(202);
  });
}

test("keys rotate while readers run, through a kill -9, and retire when nothing needs them (S64, S65)", async () => {
  const firm = await withApi(old, fill);
  const stop = { channel: "email", address: address(7) };
  await withApi(old, async (api) => {
    const { body } = await api.call("POST", "/v1/auth/login", { body: { email: firm.email, password } });
    const put = await api.call("POST", "/v1/suppressions", { token: body.accessToken, body: stop });
    expect(put.status).toBeLessThan(300);
  });
  const members = await own.number("select count(*) from members");

  const dry = await command("keys-rotate", "--dry-run", "--json");
  expect(dry.code).toBe(0);
  expect(dry.json).toContainEqual(
    expect.objectContaining({ kind: "encryption", column: "contact_addresses.address", changed: CLIENTS + 1 }),
  );
  expect(await underOldKey()).toBe(CLIENTS + 1);

  const killed = await runCommand("keys-rotate", ["--json", "--batch", "10"], {
    env: { ...testEnvironment, ...both, DATABASE_URL: own.url },
    killWhen: (stdout) => stdout.split("\n").length > 3,
  });
  expect(killed.signal).toBe("SIGKILL");
  expect(await underOldKey()).toBeGreaterThan(0);
  expect(await underOldKey()).toBeLessThan(CLIENTS + 1);
  await requireReadable(both, firm);
  const early = await command("keys-retire", "--key", "1", "--json");
  expect([early.code, early.json[0].safe]).toEqual([1, false]);
  expect(early.json[0].needed["contact_addresses.address"]).toBeGreaterThan(0);
  expect((await command("keys-retire", "--key", "1", "--kind", "lookup")).code).toBe(1);

  const rest = await command("keys-rotate", "--batch", "50");
  expect([rest.code, rest.stderr]).toEqual([0, ""]);
  expect(rest.stdout).toMatch(/contact_addresses\.address +\d+\/\d+ read, \d+ written, \d+ a second/);
  expect(await underOldKey()).toBe(0);
  for (const kind of ["encryption", "lookup"]) {
    const retired = await command("keys-retire", "--key", "1", "--kind", kind);
    expect([retired.code, retired.stderr]).toEqual([0, ""]);
    expect(retired.stdout).toMatch(/remove it from/);
  }
  expect((await command("keys-retire", "--key", "2")).code).toBe(1);

  await requireReadable(fresh, firm);
  expect(await own.number("select count(*) from members")).toBe(members);
  await withApi(fresh, async (api) => {
    const { body } = await api.call("POST", "/v1/auth/login", { body: { email: firm.email, password } });
    const token = body.accessToken as string;
    const found = await api.call("GET", `/v1/clients?address=${address(7)}`, { token });
    const client = await api.call("GET", `/v1/clients/${found.body.items[0].id}`, { token });
    expect(client.body.contacts[0].suppressed.email.reason).toBe("manual");
  });
}, 120_000);
