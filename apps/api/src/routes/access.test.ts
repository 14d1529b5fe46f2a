import { randomUUID } from "node:crypto";
import { memberRepo, signInRepo } from "@reminder-app/core/members/members.repo";
import { hashPassword } from "@reminder-app/core/members/password";
import { actFor } from "@reminder-app/core/ctx";
import { openDatabase } from "@reminder-app/db/database";
import type { Role } from "@reminder-app/db/schema/members";
import { createVault } from "@reminder-app/platform/crypto";
import { type Id, newId } from "@reminder-app/platform/ids";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, aReminder, givenApi, password } from "../given-api.ts";
import { endpoints } from "./all.ts";

let api: GivenApi;
let firm: GivenFirm;
let rival: GivenFirm;
/** Ids that exist in the firm, by the name that paths give them. */
let ids: Record<string, string>;

beforeAll(async () => {
  api = await givenApi();
  [firm, rival] = await Promise.all([api.firm(), api.firm()]);
  const clientId = await firm.client();
  const reminderId = await firm.reminder({ assignments: [{ clientId }] });
  const [client, assignments, sent] = [
    await firm.get(`/v1/clients/${clientId}`),
    await firm.get(`/v1/reminders/${reminderId}/assignments`),
    await firm.post(`/v1/reminders/${reminderId}/send`, {}),
  ];
  ids = {
    clientId,
    reminderId,
    contactId: client.body.contacts[0].id,
    assignmentId: assignments.body.items[0].id,
    deliveryId: sent.body.clients[0].deliveryIds[0],
  };
});
afterAll(() => api.close());

const pathOf = (path: string, known: Record<string, string>) =>
  path.replaceAll(/:(\w+)/g, (_all, name: string) => known[name] ?? randomUUID());
const titled = endpoints.map((endpoint) => [`${endpoint.method.toUpperCase()} ${endpoint.path}`, endpoint] as const);
const guarded = titled.filter(([, { access }]) => access !== "public");

/** A body that its schema accepts: ids of the rival's own where a body names some. */
async function validBody(path: string): Promise<object | undefined> {
  if (path.endsWith("/assignments")) return { assignments: [{ clientId: await rival.client() }] };
  if (path.endsWith("/contacts")) return { name: "Eve" };
  if (path.endsWith("/staff")) return { memberIds: [] };
  if (path.endsWith("/decide")) return { decision: "cancel" };
  return undefined;
}

test.each(guarded)("%s needs a token (S20)", async (_title, { method, path }) => {
  const answer = await api.call(method.toUpperCase(), pathOf(path, ids));
  expect([answer.status, answer.body.code]).toEqual([401, "unauthenticated"]);
});

describe("what belongs to another business is answered like what is not there (S20, S21)", () => {
  const withIds = guarded.filter(([, { path }]) => path.includes(":"));

  test.each(withIds)("%s", async (_title, { method, path }) => {
    const body = method === "get" ? undefined : await validBody(path);
    const ask = async (known: Record<string, string>) => {
      const sent = method === "patch" ? {} : body;
      return api.call(method.toUpperCase(), pathOf(path, known), { token: rival.token, body: sent });
    };
    const absent = Object.fromEntries(Object.keys(ids).map((name) => [name, randomUUID()]));
    const [foreign, nothing] = [await ask(ids), await ask(absent)];
    expect([foreign.status, foreign.body.code]).toEqual([404, "not_found"]);
    expect([nothing.status, nothing.body.code]).toEqual([404, "not_found"]);
  });

  test("also a client that a new reminder names", async () => {
    const body = aReminder({ assignments: [{ clientId: ids["clientId"] }] });
    expect((await rival.post("/v1/reminders", body)).status).toBe(404);
    expect((await rival.get("/v1/reminders")).body.items).toEqual([]);
  });

  test("and lists show nothing of it", async () => {
    const query = `?reminderId=${ids["reminderId"]}&clientId=${ids["clientId"]}`;
    expect((await rival.get(`/v1/deliveries${query}`)).body.items).toEqual([]);
  });

  test("and it is all as it was", async () => {
    const { body } = await firm.get(`/v1/reminders/${ids["reminderId"]}`);
    expect([body.status, body.revision]).toEqual(["active", 1]);
  });
});

describe("a role may do what its routes name, and no more (S20)", () => {
  const order: readonly Role[] = ["viewer", "staff", "admin", "owner"];
  const tokens = new Map<Role, string>();

  beforeAll(async () => {
    const { businessId } = (await firm.get("/v1/me")).body;
    for (const role of order) tokens.set(role, await signInAs(role, businessId));
  });

  const needed = guarded.filter(([, { access }]) => access !== "viewer");
  test.each(needed)("%s", async (_title, { method, path, access }) => {
    for (const role of order) {
      // An unknown field stops who may: nothing is changed by asking.
      const answer = await api.call(method.toUpperCase(), `${pathOf(path, ids)}?x=1`, { token: tokens.get(role) });
      const allowed = order.indexOf(role) >= order.indexOf(access as Role);
      expect([role, answer.status]).toEqual([role, allowed ? 422 : 403]);
    }
  });
});

/** There is no route yet that adds members, so this one is written as the domain would. */
async function signInAs(role: Role, businessId: Id<"Business">): Promise<string> {
  const { settings } = api;
  const database = openDatabase({ url: settings.DATABASE_URL, connections: 1 });
  const vault = createVault({ encryptionKeys: settings.ENCRYPTION_KEYS, lookupKeys: settings.LOOKUP_KEYS });
  const [id, email, now] = [newId<"Member">(), `${role}-${newId()}@firms.example`, new Date()];
  await signInRepo(database.db).insertMember({
    id,
    name: role,
    email: vault.seal(email, { table: "members", column: "email", businessId: "", rowId: id }),
    emailHash: vault.lookup("member-email", email),
    passwordHash: await hashPassword(password),
    tokenVersion: 1,
    createdAt: now,
  });
  const ctx = actFor({ db: database.db, vault, now: () => now }, businessId, "test");
  await memberRepo(ctx).insertMembership(id, role, now);
  await database.close();
  const { body } = await api.call("POST", "/v1/auth/login", { body: { email, password } });
  return body.accessToken;
}
