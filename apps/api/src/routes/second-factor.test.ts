import { setTimeout as sleep } from "node:timers/promises";
import { memberRepo } from "@reminder-app/core/members/members.repo";
import { proveIdentity } from "@reminder-app/core/members/prove-identity";
import { openDatabase } from "@reminder-app/db/database";
import { createVault } from "@reminder-app/platform/crypto";
import { totpCode } from "@reminder-app/platform/totp";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi, password } from "../given-api.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 1 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

const STEP_MS = 30_000;
/** The authenticator's code, some steps from now; the API accepts one step early or late. */
const codeOf = (secret: string, steps = 0) => totpCode(secret, new Date(Date.now() + steps * STEP_MS));
const signIn = ({ email }: GivenFirm, proof: object = {}) =>
  api.call("POST", "/v1/auth/login", { body: { email, password, ...proof } });
const outcome = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];

/** A firm whose owner has a confirmed second factor; the code of the step before serves no more, the present one does. */
async function firmWithFactor() {
  // Near its end, a step could pass before its code arrives.
  if (Date.now() % STEP_MS > STEP_MS - 5_000) await sleep(STEP_MS - (Date.now() % STEP_MS));
  const firm = await api.firm();
  const { secret, uri } = (await firm.post("/v1/me/second-factor")).body as { secret: string; uri: string };
  const confirmed = await firm.post("/v1/me/second-factor/confirm", { code: codeOf(secret, -1) });
  return { firm, secret, uri, recoveryCodes: confirmed.body.recoveryCodes as string[] };
}
const remove = ({ token }: GivenFirm, body: object) => api.call("DELETE", "/v1/me/second-factor", { token, body });

test("a second factor asks for nothing until a code confirmed it (S18)", async () => {
  const firm = await api.firm();
  const first = (await firm.post("/v1/me/second-factor")).body;
  const { status, body } = await firm.post("/v1/me/second-factor");
  expect([status, body.secret]).toEqual([201, expect.stringMatching(/^[A-Z2-7]{32}$/)]);
  expect(new URL(body.uri).searchParams.get("secret")).toBe(body.secret);
  expect((await signIn(firm)).status).toBe(200);
  expect((await firm.get("/v1/me")).body.secondFactor).toBeNull();

  const replaced = await firm.post("/v1/me/second-factor/confirm", { code: codeOf(first.secret) });
  expect(outcome(replaced)).toEqual([401, "invalid_credentials"]);
  expect((await firm.post("/v1/me/second-factor/confirm", { code: codeOf(body.secret) })).status).toBe(200);
  expect(outcome(await signIn(firm))).toEqual([401, "second_factor_required"]);
});

test("a confirmed one is asked for only after the right password, and a wrong code is a wrong sign-in (S18, S14)", async () => {
  const { firm, secret } = await firmWithFactor();
  expect(outcome(await signIn(firm, { password: "not this one" }))).toEqual([401, "invalid_credentials"]);
  expect(outcome(await signIn(firm))).toEqual([401, "second_factor_required"]);
  const wrong = String((Number(codeOf(secret)) + 1) % 1_000_000).padStart(6, "0");
  expect(outcome(await signIn(firm, { code: wrong }))).toEqual([401, "invalid_credentials"]);
  expect(outcome(await signIn(firm, { password: "not this one", code: codeOf(secret) }))).toEqual([
    401,
    "invalid_credentials",
  ]);
  expect((await signIn(firm, { code: codeOf(secret) })).status).toBe(200);
});

test("a code serves once, and no code of a step before it serves afterwards (S18)", async () => {
  const { firm, secret } = await firmWithFactor();
  const code = codeOf(secret);
  const answers = await Promise.all(Array.from({ length: 5 }, () => signIn(firm, { code })));
  expect(answers.map(({ status }) => status).toSorted((one, two) => one - two)).toEqual([200, 401, 401, 401, 401]);
  expect((await signIn(firm, { code: codeOf(secret, 1) })).status).toBe(200);
  expect((await signIn(firm, { code })).status).toBe(401);
});

test("each of ten recovery codes stands in for a code one time, however it is typed (S18)", async () => {
  const { firm, recoveryCodes } = await firmWithFactor();
  expect(new Set(recoveryCodes).size).toBe(10);
  const [one, two] = recoveryCodes as [string, string];
  expect((await signIn(firm, { recoveryCode: one })).status).toBe(200);
  expect(outcome(await signIn(firm, { recoveryCode: one }))).toEqual([401, "invalid_credentials"]);
  expect((await signIn(firm, { recoveryCode: two.toUpperCase().replaceAll("-", " ") })).status).toBe(200);
  expect((await firm.get("/v1/me")).body.secondFactor).toMatchObject({ recoveryCodesLeft: 8 });
});

test("new recovery codes take the place of the former ones, which their owner is told (S18)", async () => {
  const { firm, recoveryCodes } = await firmWithFactor();
  const { body } = await firm.post("/v1/me/second-factor/recovery-codes");
  expect(new Set([...recoveryCodes, ...body.recoveryCodes]).size).toBe(20);
  expect(outcome(await signIn(firm, { recoveryCode: recoveryCodes[0] }))[1]).toBe("invalid_credentials");
  expect((await signIn(firm, { recoveryCode: body.recoveryCodes[0] })).status).toBe(200);
  expect((await api.mailTo(firm.email)).text).toContain("New recovery codes");
  expect(outcome(await (await api.firm()).post("/v1/me/second-factor/recovery-codes"))).toEqual([409, "conflict"]);
});

test("a recovery code outlives the look-up key that it was stored under (S18)", async () => {
  const { firm, recoveryCodes } = await firmWithFactor();
  const { ENCRYPTION_KEYS: encryptionKeys, LOOKUP_KEYS: lookupKeys } = api.settings;
  const vault = createVault({ encryptionKeys, lookupKeys: new Map([[9, Buffer.alloc(32, 9)], ...lookupKeys]) });
  const system = { db: database.db, vault, now: () => new Date() };
  const { id, businessId } = (await firm.get("/v1/me")).body;
  const membership = await memberRepo({ db: database.db, businessId }).findMembership(id);
  expect(await proveIdentity(system, membership?.member, { password, recoveryCode: recoveryCodes[0] })).toMatchObject({
    secondFactor: "recovery_code",
  });
});

test("another member's recovery code serves nobody else (S18)", async () => {
  const [{ firm }, { recoveryCodes }] = [await firmWithFactor(), await firmWithFactor()];
  expect(outcome(await signIn(firm, { recoveryCode: recoveryCodes[0] }))).toEqual([401, "invalid_credentials"]);
});

test("neither the secret nor a recovery code is stored in clear text (S18)", async () => {
  const { firm, secret, recoveryCodes } = await firmWithFactor();
  const { id } = (await firm.get("/v1/me")).body;
  const rows = async (statement: string) =>
    (await database.pool.query(statement, [id.replaceAll("-", "")]))[0] as object[];
  const [member] = await rows("select * from members where id = unhex(?)");
  const stored = await rows("select * from recovery_codes where member_id = unhex(?)");
  expect(stored).toHaveLength(10);
  const text = [member, ...stored].flatMap((row) => Object.values(row ?? {}).map(String)).join("\n");
  for (const shown of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll("-", ""))])
    expect(text.toLowerCase()).not.toContain(shown.toLowerCase());
});

test("tokens say how their member signed in, renewed ones as well (S07, S18)", async () => {
  const { firm, secret } = await firmWithFactor();
  const amrOf = (token: string) => decodeJwt(token)["amr"];
  const { body } = await signIn(firm, { code: codeOf(secret) });
  const renewed = await api.call("POST", "/v1/auth/token", {
    body: { grant_type: "refresh_token", refresh_token: body.refreshToken },
  });
  expect([firm.token, body.accessToken, renewed.body.access_token].map(amrOf)).toEqual([
    ["pwd"],
    ["pwd", "otp"],
    ["pwd", "otp"],
  ]);
});

test("proving again who one is takes the second factor too (S17, S18)", async () => {
  const { firm, secret } = await firmWithFactor();
  expect(outcome(await firm.post("/v1/auth/reauthenticate", { password }))).toEqual([401, "second_factor_required"]);
  expect((await firm.post("/v1/auth/reauthenticate", { password, code: codeOf(secret) })).status).toBe(200);
});

test("it is removed with password and code, and another can be added then (S18)", async () => {
  const { firm, secret, recoveryCodes } = await firmWithFactor();
  expect(outcome(await firm.post("/v1/me/second-factor"))).toEqual([409, "conflict"]);
  expect(outcome(await remove(firm, { password }))).toEqual([401, "second_factor_required"]);
  expect(outcome(await remove(firm, { password: "not this one", code: codeOf(secret) }))[1]).toBe(
    "invalid_credentials",
  );
  expect((await remove(firm, { password, code: codeOf(secret) })).status).toBe(204);
  expect((await signIn(firm)).status).toBe(200);
  expect(outcome(await remove(firm, { password, code: codeOf(secret, 1) }))).toEqual([409, "conflict"]);

  const again = (await firm.post("/v1/me/second-factor")).body;
  await firm.post("/v1/me/second-factor/confirm", { code: codeOf(again.secret) });
  expect(outcome(await signIn(firm, { recoveryCode: recoveryCodes[0] }))[1]).toBe("invalid_credentials");
  const told = (await api.mails(firm.email)).map(({ text }) => /asks for|does not ask for/.exec(text)?.[0]);
  expect(told).toEqual([undefined, "asks for", "does not ask for", "asks for"]);
  const trail = (await firm.get("/v1/audit")).body.items.map(({ action }: { action: string }) => action);
  expect(trail).toEqual(expect.arrayContaining(["member.second_factor_added", "member.second_factor_removed"]));
});

test("a password of 8 code points needs a second factor, which stays as long as the password is short (S11)", async () => {
  const short = "v8#Kq2!x";
  const refused = await (await api.firm()).post("/v1/me/password", { password: short });
  expect([refused.status, refused.body.errors[0].field]).toEqual([422, "password"]);

  const { firm, secret } = await firmWithFactor();
  const seven = await firm.post("/v1/me/password", { password: short.slice(1) });
  expect(seven.body.errors[0].message).toContain("at least 8 characters");
  const { body } = await firm.post("/v1/me/password", { password: short });
  const now = { ...firm, token: body.accessToken as string };
  const kept = await remove(now, { password: short, code: codeOf(secret) });
  expect([kept.status, kept.body.errors[0].field]).toEqual([422, "password"]);
  expect(outcome(await signIn(firm, { password: short }))).toEqual([401, "second_factor_required"]);
  expect((await signIn(firm, { password: short, code: codeOf(secret, 1) })).status).toBe(200);
});
