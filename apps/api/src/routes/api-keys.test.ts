import { openDatabase } from "@reminder-app/db/database";
import { sha256 } from "@reminder-app/platform/crypto";
import { parseUuid } from "@reminder-app/platform/ids";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 2 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

const reading = { name: "Import", role: "staff", scopes: ["clients:read", "clients:write"] };

async function givenKey(firm: GivenFirm, input: object = {}): Promise<{ id: string; key: string }> {
  const { status, body } = await firm.post("/v1/api-keys", { ...reading, ...input });
  expect(status).toBe(201);
  return body;
}

const ask = (key: string, path = "/v1/clients") => api.call("GET", path, { token: key });
const write = (statement: string, ...values: unknown[]) => database.pool.query(statement, values);
const rowOf = async (id: string) => {
  const [rows] = await write("select * from api_keys where id = ?", parseUuid(id));
  return (rows as { key_hash: Buffer; last_used_at: Date | null; business_id: Buffer; created_by: Buffer }[])[0]!;
};

test("a key is shown once, stored as its SHA-256, and told by its end from others (S22, S24)", async () => {
  const firm = await api.firm();
  const { body: made } = await firm.post("/v1/api-keys", reading);
  expect(made.key).toMatch(/^rk_live_[\w-]{43}$/);
  const days = (Date.parse(made.expiresAt) - Date.parse(made.createdAt)) / 86_400_000;
  expect([days, made.kind, made.lastFour]).toEqual([90, "live", made.key.slice(-4)]);
  const { key, ...shown } = made;
  const list = await firm.get("/v1/api-keys");
  expect(list.body.items).toEqual([shown]);
  expect(list.text).not.toContain(key);
  expect((await rowOf(made.id)).key_hash).toEqual(sha256(key));
});

test("a key does what its scopes and its role say, and nothing that members do (S20, S24)", async () => {
  const firm = await api.firm();
  const { key } = await givenKey(firm, { role: "viewer" });
  expect((await ask(key)).status).toBe(200);
  const told = async (method: string, path: string, body?: object) => {
    const answer = await api.call(method, path, { token: key, ...(body && { body }) });
    return [answer.status, answer.body.code];
  };
  expect(await told("GET", "/v1/reminders")).toEqual([403, "scope_missing"]);
  expect(await told("POST", "/v1/clients", { name: "Hill" })).toEqual([403, "forbidden"]);
  expect(await told("POST", "/v1/api-keys", reading)).toEqual([403, "forbidden"]);
  expect(await told("GET", "/v1/me")).toEqual([403, "forbidden"]);
});

test("what a key did is told by its id, and its requests repeat its own only (S24, S67)", async () => {
  const firm = await api.firm();
  const [one, other] = [await givenKey(firm), await givenKey(firm)];
  const create = (key: string) =>
    api.call("POST", "/v1/clients", { token: key, body: { name: "Hill" }, headers: { "idempotency-key": "k1" } });
  const [first, again, others] = [await create(one.key), await create(one.key), await create(other.key)];
  expect(again.body.id).toBe(first.body.id);
  expect(others.body.id).not.toBe(first.body.id);
  const [rows] = await write("select actor from audit_events where entity_id = ?", first.body.id);
  expect(rows).toEqual([{ actor: `key:${one.id}` }]);
});

describe("within a second a key opens nothing any more (S06, S24)", () => {
  const ends: [string, string, (firm: GivenFirm, id: string) => Promise<unknown>][] = [
    ["when it is revoked", "key_revoked", (firm, id) => firm.delete(`/v1/api-keys/${id}`)],
    [
      "when it expires",
      "key_expired",
      (_firm, id) => write("update api_keys set expires_at = utc_timestamp(3) where id = ?", parseUuid(id)),
    ],
    [
      "when its business is suspended",
      "key_revoked",
      async (_firm, id) =>
        write("update businesses set status = 'suspended' where id = ?", (await rowOf(id)).business_id),
    ],
    [
      "when its business is of another mode",
      "key_invalid",
      async (_firm, id) => write("update businesses set mode = 'test' where id = ?", (await rowOf(id)).business_id),
    ],
    [
      "when who made it is disabled here",
      "key_revoked",
      async (_firm, id) =>
        write(
          "update memberships set disabled_at = utc_timestamp(3) where member_id = ?",
          (await rowOf(id)).created_by,
        ),
    ],
    [
      "when who made it is disabled everywhere",
      "key_revoked",
      async (_firm, id) =>
        write("update members set disabled_at = utc_timestamp(3) where id = ?", (await rowOf(id)).created_by),
    ],
    [
      "when who made it is no member here any more",
      "key_revoked",
      async (_firm, id) => write("update api_keys set created_by = ? where id = ?", parseUuid(id), parseUuid(id)),
    ],
  ];

  test.each(ends)("%s: %s", async (_when, code, end) => {
    const firm = await api.firm();
    const { id, key } = await givenKey(firm);
    expect((await ask(key)).status).toBe(200);
    await end(firm, id);
    await vi.waitFor(async () => expect((await ask(key)).body.code).toBe(code), { timeout: 3_000, interval: 50 });
    expect((await ask(key)).headers.get("www-authenticate")).toContain("Bearer");
  });
});

test("a key can do no more than who made it can do now (S06, S24)", async () => {
  const firm = await api.firm();
  const { id, key } = await givenKey(firm, { role: "admin" });
  const { created_by: maker } = await rowOf(id);
  await write("update memberships set role = 'viewer' where member_id = ?", maker);
  const { status, body } = await api.call("POST", "/v1/clients", { token: key, body: { name: "Hill" } });
  expect([status, body.code]).toEqual([403, "forbidden"]);
  expect((await ask(key)).status).toBe(200);
});

test("a key sees the clients that who made it works with now (S06, S23, S24)", async () => {
  const firm = await api.firm();
  const [own, maker] = [await firm.client(), await firm.member("admin")];
  await firm.client();
  await firm.put(`/v1/clients/${own}/staff`, { memberIds: [maker.id] });
  const { key } = (await maker.post("/v1/api-keys", reading)).body;
  const seen = async () => (await ask(key)).body.items.map(({ id }: { id: string }) => id);
  expect(await seen()).toHaveLength(2);
  await firm.patch(`/v1/members/${maker.id}`, { role: "staff", limitedToClients: true });
  await vi.waitFor(async () => expect(await seen()).toEqual([own]), { timeout: 3_000, interval: 50 });
});

test("the last use is noted once a minute (S24)", async () => {
  const firm = await api.firm();
  const { id, key } = await givenKey(firm);
  const lastUse = async () => (await rowOf(id)).last_used_at?.getTime();
  expect(await lastUse()).toBeUndefined();
  await ask(key);
  expect(await lastUse()).toBeDefined();

  for (const [seconds, isNoted] of [
    [50, false],
    [61, true],
  ]) {
    await write(
      "update api_keys set last_used_at = utc_timestamp(3) - interval ? second where id = ?",
      seconds,
      parseUuid(id),
    );
    const before = await lastUse();
    // Another process has not just checked the key, so it looks at the row.
    const otherApi = await givenApi();
    expect((await otherApi.call("GET", "/v1/clients", { token: key })).status).toBe(200);
    await otherApi.close();
    expect((await lastUse()) !== before).toBe(isNoted);
  }
});

test.each([
  ["that nobody made", `rk_live_${"a".repeat(43)}`],
  ["that is cut short", "rk_live_abc"],
  ["of an unknown kind", `rk_root_${"a".repeat(43)}`],
])("a key %s is invalid (S24)", async (_what, key) => {
  const { status, body } = await ask(key);
  expect([status, body.code]).toEqual([401, "key_invalid"]);
});

test("a key in an address is refused, though it is right, and not repeated (S24)", async () => {
  const { key } = await givenKey(await api.firm());
  const encoded = key.replaceAll("_", "%5F");
  for (const path of [`/v1/clients?api_key=${key}`, `/v1/clients?search=${encoded}`, `/v1/clients/${key}`, `/${key}`]) {
    const { status, body, text } = await ask(key, path);
    expect([status, body.code, text.includes(key)]).toEqual([400, "malformed_request", false]);
    expect(body.detail).toContain("never goes into an address");
  }
});

test("a key of another firm is as absent (S21)", async () => {
  const [firm, rival] = await Promise.all([api.firm(), api.firm()]);
  const { id, key } = await givenKey(firm);
  expect((await rival.delete(`/v1/api-keys/${id}`)).status).toBe(404);
  expect((await rival.get("/v1/api-keys")).body.items).toEqual([]);
  expect((await ask(key)).status).toBe(200);
});

test.each([
  ["role", "owner"],
  ["scopes", []],
  ["scopes", ["clients:delete"]],
  ["scopes", ["clients:read", "clients:read"]],
  ["expiresInDays", 0],
  ["expiresInDays", 366],
  ["kind", "test"],
  ["lastFour", "0000"],
])("a key's %s cannot be %j (S22, S24)", async (field, value) => {
  const { status, body } = await (await api.firm()).post("/v1/api-keys", { ...reading, [field]: value });
  expect(status).toBe(422);
  expect(body.errors[0].field.split(".")[0]).toBe(field);
});
