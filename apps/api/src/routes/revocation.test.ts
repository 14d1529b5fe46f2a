import { setTimeout as sleep } from "node:timers/promises";
import { peopleSessionsRepo } from "@reminder-app/core/members/sessions.repo";
import { signOut } from "@reminder-app/core/members/sign-out";
import { actFor } from "@reminder-app/core/ctx";
import { openDatabase } from "@reminder-app/db/database";
import { createVault } from "@reminder-app/platform/crypto";
import { newId } from "@reminder-app/platform/ids";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi, password } from "../given-api.ts";
import { createTokens } from "../http/tokens.ts";

/** Two processes with queues of their own: what one knows of the other comes from MySQL. */
let [api, other] = [] as unknown as [GivenApi, GivenApi];
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  [api, other] = await Promise.all([givenApi(), givenApi()]);
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 2 });
});
afterAll(() => Promise.all([api.close(), other.close(), database.close()]));

const renew = (at: GivenApi, refreshToken: string) =>
  at.call("POST", "/v1/auth/token", { body: { grant_type: "refresh_token", refresh_token: refreshToken } });
const meAt = (at: GivenApi, token: string) => at.call("GET", "/v1/me", { token });
const signIn = async ({ email }: GivenFirm) =>
  (await api.call("POST", "/v1/auth/login", { body: { email, password } })).body as {
    accessToken: string;
    refreshToken: string;
  };
const write = (statement: string, ...values: unknown[]) => database.pool.query(statement, values);

/** What a token and its refresh token get a second later, where both processes had just accepted it. */
async function aSecondAfter(firm: { token: string; refreshToken: string }, change: () => Promise<unknown>) {
  for (const at of [api, other]) expect((await meAt(at, firm.token)).status).toBe(200);
  await change();
  await sleep(1_000);
  const refused = [await meAt(api, firm.token), await meAt(other, firm.token)].map(({ status, body }) => [
    status,
    body.code,
  ]);
  return { refused, renewed: (await renew(other, firm.refreshToken)).status };
}
const revoked = [401, "token_revoked"];
const refusedByBoth = { refused: [revoked, revoked], renewed: 400 };

test("a sign-out binds all processes within a second, without anything in Redis (S05)", async () => {
  const firm = await api.firm();
  const left = await aSecondAfter(firm, () => firm.post("/v1/auth/logout"));
  expect(left).toEqual(refusedByBoth);
});

test("a sign-out ends one session; the others of its member go on (S05)", async () => {
  const firm = await api.firm();
  const second = await signIn(firm);
  await firm.post("/v1/auth/logout");
  expect((await meAt(other, second.accessToken)).status).toBe(200);
});

test("a token whose id was revoked is refused though its session goes on (S05)", async () => {
  const firm = await api.firm();
  const { TOKEN_KEYS: keys, PUBLIC_URL: issuer } = api.settings;
  const claims = await createTokens({ keys, issuer, now: () => new Date() }).verify(firm.token);
  await peopleSessionsRepo(database.db).revokeToken({ jti: claims.tokenId, expiresAt: claims.expiresAt });
  expect((await meAt(api, firm.token)).body.code).toBe("token_revoked");
  const { body } = await renew(api, firm.refreshToken);
  expect((await meAt(api, body.access_token)).status).toBe(200);
});

test("a sign-out forgets ids of tokens that have expired, and keeps the others (S05)", async () => {
  const vault = createVault({ encryptionKeys: api.settings.ENCRYPTION_KEYS, lookupKeys: api.settings.LOOKUP_KEYS });
  const ctx = actFor({ db: database.db, vault, now: () => new Date() }, newId<"Business">(), "test");
  const [expired, living] = [newId<"AccessToken">(), newId<"AccessToken">()];
  const people = peopleSessionsRepo(database.db);
  await people.revokeToken({ jti: expired, expiresAt: new Date(Date.now() - 1) });
  await people.revokeToken({ jti: living, expiresAt: new Date(Date.now() + 60_000) });
  const nobody = { businessId: ctx.businessId, memberId: newId<"Member">(), sessionId: newId<"Session">() };
  await signOut(ctx, { ...nobody, tokenVersion: 1, tokenId: newId(), expiresAt: new Date() });
  expect([await people.isTokenRevoked(expired), await people.isTokenRevoked(living)]).toEqual([false, true]);
});

test("signing out everywhere ends every session, in all businesses of the member (S05)", async () => {
  const firm = await api.firm();
  const second = await signIn(firm);
  const { body: business } = await firm.post("/v1/businesses", { name: "Second", timeZone: "UTC" });
  const { body: elsewhere } = await firm.post("/v1/auth/switch", { businessId: business.id });
  const left = await aSecondAfter(firm, () => firm.post("/v1/auth/logout-everywhere"));
  expect(left).toEqual(refusedByBoth);
  for (const { accessToken, refreshToken } of [second, elsewhere]) {
    expect((await meAt(other, accessToken)).body.code).toBe("token_revoked");
    expect((await renew(other, refreshToken)).body.error).toBe("invalid_grant");
  }
  expect((await meAt(other, (await signIn(firm)).accessToken)).status).toBe(200);
});

describe("what ends a member's access binds all processes within a second, renewals included (S06)", () => {
  test("a changed password", async () => {
    const firm = await api.firm();
    const second = await signIn(firm);
    const changed = () => firm.post("/v1/me/password", { password: "a river under the old bridge" });
    expect(await aSecondAfter({ token: second.accessToken, refreshToken: second.refreshToken }, changed)).toEqual(
      refusedByBoth,
    );
  });

  test.each([
    ["a disabled place in the business", "update memberships set disabled_at = now() where business_id = unhex(?)"],
    ["a suspended business", "update businesses set status = 'suspended' where id = unhex(?)"],
    [
      "a disabled person",
      "update members m join memberships p on p.member_id = m.id set m.disabled_at = now() where p.business_id = unhex(?)",
    ],
  ])("%s", async (_what, statement) => {
    const firm = await api.firm();
    const businessId = (await firm.get("/v1/me")).body.businessId.replaceAll("-", "");
    expect(await aSecondAfter(firm, () => write(statement, businessId))).toEqual(refusedByBoth);
    const again = await api.call("POST", "/v1/auth/login", { body: { email: firm.email, password } });
    expect(again.body.code).toBe("invalid_credentials");
  });

  test("a lesser role", async () => {
    const firm = await api.firm();
    const businessId = (await firm.get("/v1/me")).body.businessId.replaceAll("-", "");
    const change = () => other.call("PATCH", "/v1/business", { token: firm.token, body: { name: "Hill & Co" } });
    expect((await change()).status).toBe(200);
    await write("update memberships set role = 'viewer' where business_id = unhex(?)", businessId);
    await sleep(1_000);
    expect((await change()).body.code).toBe("forbidden");
  });
});
