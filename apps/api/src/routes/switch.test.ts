import { randomUUID } from "node:crypto";
import { openDatabase } from "@reminder-app/db/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi, password } from "../given-api.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 1 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

const second = { name: "Harbour, trial", timeZone: "Europe/Madrid" };
const make = async (firm: GivenFirm, input: object = second) => (await firm.post("/v1/businesses", input)).body;
const switchTo = (firm: GivenFirm, businessId: string) => firm.post("/v1/auth/switch", { businessId });
const business = (token: string) => api.call("GET", "/v1/business", { token });

test("a member makes another business, owns it, and acts for either (F1)", async () => {
  const firm = await api.firm();
  const { status, body } = await firm.post("/v1/businesses", { ...second, mode: "test" });
  expect(status).toBe(201);
  expect(body).toMatchObject({ ...second, mode: "test", locale: "en-GB", status: "active" });
  const { body: tokens } = await switchTo(firm, body.id);
  expect((await business(tokens.accessToken)).body).toMatchObject({ id: body.id, mode: "test" });
  expect((await business(firm.token)).body).toMatchObject({ name: "Ledger & Sons", mode: "live" });

  const me = (await api.call("GET", "/v1/me", { token: tokens.accessToken })).body;
  expect([me.businessId, me.role, me.businesses.length]).toEqual([body.id, "owner", 2]);
  const trail = (await api.call("GET", "/v1/audit", { token: tokens.accessToken })).body.items;
  expect(trail.map(({ action }: { action: string }) => action).toSorted()).toEqual([
    "business.created",
    "member.switched",
  ]);
});

test("what is made in one business is not there in the other (S21)", async () => {
  const firm = await api.firm();
  const clientId = await firm.client();
  const { body } = await switchTo(firm, (await make(firm)).id);
  expect((await api.call("GET", `/v1/clients/${clientId}`, { token: body.accessToken })).status).toBe(404);
  expect((await api.call("GET", "/v1/clients", { token: body.accessToken })).body.items).toEqual([]);
});

test("signing in names the business, or gets the oldest (F1)", async () => {
  const firm = await api.firm();
  const { id } = await make(firm);
  const signIn = async (businessId?: string) =>
    (await api.call("POST", "/v1/auth/login", { body: { email: firm.email, password, businessId } })).body.accessToken;
  expect((await business(await signIn(id))).body.id).toBe(id);
  expect((await business(await signIn())).body.name).toBe("Ledger & Sons");
});

test("a business of others, one where the place is disabled, a suspended and an absent one are alike (S20)", async () => {
  const [firm, rival] = [await api.firm(), await api.firm()];
  const [disabled, suspended] = [(await make(firm)).id, (await make(firm)).id];
  const write = (statement: string, id: string) => database.pool.query(statement, [id.replaceAll("-", "")]);
  await write("update memberships set disabled_at = now() where business_id = unhex(?)", disabled);
  await write("update businesses set status = 'suspended' where id = unhex(?)", suspended);
  const foreign = (await rival.get("/v1/me")).body.businessId;
  for (const id of [foreign, disabled, suspended, randomUUID()]) {
    const { status, body } = await switchTo(firm, id);
    expect([status, body.code, body.detail]).toEqual([404, "not_found", `Business ${id} not found`]);
  }
  expect((await firm.get("/v1/me")).body.businesses).toHaveLength(1);
});

test("a session that goes on in another business ends no later than the one it came from (S04)", async () => {
  const firm = await api.firm();
  const [session] = (await firm.get("/v1/me/sessions")).body.items;
  const { body } = await switchTo(firm, (await make(firm)).id);
  const [there] = (await api.call("GET", "/v1/me/sessions", { token: body.accessToken })).body.items;
  expect(there.expiresAt).toBe(session.expiresAt);
});

test("a member owns at most 20 businesses (S28)", async () => {
  const firm = await api.firm();
  for (let made = 1; made < 20; made += 1) await make(firm);
  const { status, body } = await firm.post("/v1/businesses", second);
  expect([status, body.code]).toEqual([409, "conflict"]);
});
