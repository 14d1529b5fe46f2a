import { argon2Sync } from "node:crypto";
import { openDatabase } from "@reminder-app/db/database";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, anAddress, givenApi, password } from "../given-api.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 1 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

const unpadded = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");

const signIn = (firm: GivenFirm, word = password, userAgent = "node") =>
  api.call("POST", "/v1/auth/login", {
    body: { email: firm.email, password: word },
    headers: { "user-agent": userAgent },
  });
const sessionsOf = async (token: string) =>
  (await api.call("GET", "/v1/me/sessions", { token })).body.items as { id: string; current: boolean }[];

test("a member sees where they are signed in, and which session it is that asks (S05)", async () => {
  const firm = await api.firm();
  const phone = await signIn(firm, password, "x".repeat(300));
  const { body } = await firm.get("/v1/me/sessions");
  expect(body.items).toMatchObject([
    { current: false, userAgent: "x".repeat(200) },
    { current: true, userAgent: "node" },
  ]);
  expect((await sessionsOf(phone.body.accessToken)).map(({ current }) => current)).toEqual([true, false]);
  const { items, nextCursor } = (await firm.get("/v1/me/sessions?limit=1")).body;
  const rest = await firm.get(`/v1/me/sessions?limit=1&cursor=${nextCursor}`);
  expect([...items, ...rest.body.items]).toEqual(body.items);
});

test("a member ends one of their sessions, and nobody else's (S05, S20)", async () => {
  const [firm, rival] = [await api.firm(), await api.firm()];
  const { accessToken, refreshToken } = (await signIn(firm)).body;
  const [lost] = await sessionsOf(accessToken);
  const theirs = await rival.delete(`/v1/me/sessions/${lost!.id}`);
  expect([theirs.status, theirs.body.code]).toEqual([404, "not_found"]);
  expect((await firm.delete(`/v1/me/sessions/${lost!.id}`)).status).toBe(204);
  expect((await firm.delete(`/v1/me/sessions/${lost!.id}`)).status).toBe(404);
  expect(await sessionsOf(firm.token)).toHaveLength(1);
  const renewed = await api.call("POST", "/v1/auth/token", {
    body: { grant_type: "refresh_token", refresh_token: refreshToken },
  });
  expect(renewed.body.error).toBe("invalid_grant");
});

describe("a password", () => {
  const next = "a river under the old bridge";

  test("that is changed signs in from then on, and its owner goes on with new tokens (S06)", async () => {
    const firm = await api.firm();
    const { status, body } = await firm.post("/v1/me/password", { password: next });
    expect(status).toBe(200);
    expect((await api.call("GET", "/v1/me", { token: body.accessToken })).body.email).toBe(firm.email);
    expect((await sessionsOf(body.accessToken)).map(({ current }) => current)).toEqual([true]);
    expect((await signIn(firm)).body.code).toBe("invalid_credentials");
    expect((await signIn(firm, next)).status).toBe(200);
    expect((await api.mailTo(firm.email)).text).toContain("password of your Reminder App account was changed");
    const trail = await api.call("GET", "/v1/audit", { token: body.accessToken });
    expect(trail.body.items.map(({ action }: { action: string }) => action)).toContain("member.password_changed");
  });

  test("is the same in every Unicode form, and matters to its last character (S11)", async () => {
    const firm = await api.firm();
    const long = `${"Zażółć gęślą jaźń ".repeat(7)}ę!`.normalize("NFC");
    expect((await firm.post("/v1/me/password", { password: long.normalize("NFD") })).status).toBe(200);
    expect((await signIn(firm, long)).status).toBe(200);
    expect((await signIn(firm, `${long.slice(0, -1)}?`)).body.code).toBe("invalid_credentials");
  });

  test.each([
    ["of 14 code points", "🐟🐠🐡🦈🐙🦑🦐🦞🦀🐚🐋🐬🐳🦭", "must have at least 15 characters"],
    [
      "of 129 code points",
      Array.from({ length: 129 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join(""),
      "at most 128",
    ],
    ["with half a character", "a river under the \ud800 bridge", "half a character"],
    ["that is common", "Password123456789!", "too easy to guess"],
    ["that is its owner's name", "DanaLaneDanaLane1", "too easy to guess"],
    ["that is its owner's firm", "ledger-and-sons-2026", "too easy to guess"],
  ])("%s is refused, and told why (S11)", async (_what, refused, message) => {
    const firm = await api.firm();
    const { status, body } = await firm.post("/v1/me/password", { password: refused });
    expect([status, body.errors[0].field]).toEqual([422, "password"]);
    expect(body.errors[0].message).toContain(message);
    expect((await signIn(firm)).status).toBe(200);
  });

  test.each([
    ["15", "🐟🐠🐡🦈🐙🦑🦐🦞🦀🐚🐋🐬🐳🦭🐊"],
    ["128", Array.from({ length: 128 }, (_, at) => String.fromCodePoint(0x4e00 + at)).join("")],
  ])("of %s code points is taken, whatever they are (S11)", async (_length, taken) => {
    const firm = await api.firm();
    expect((await firm.post("/v1/me/password", { password: taken })).status).toBe(200);
    expect((await signIn(firm, taken)).status).toBe(200);
  });

  test("that is the firm's own name is refused at registration already (S11)", async () => {
    const owner = { name: "Ida Moss", email: "ida@zephyr.example", password: "zephyrquaysidebooks" };
    const body = { businessName: "Zephyr Quayside Books", timeZone: "UTC", ...owner };
    const { status, body: problem } = await api.call("POST", "/v1/auth/register", { body });
    expect([status, problem.errors[0].field]).toEqual([422, "password"]);
  });
});

test("a password that was hashed at a lower cost is hashed anew when its owner signs in (S10)", async () => {
  const firm = await api.firm();
  const stored = async () => {
    const [[row]] = (await database.pool.query(
      "select hex(m.id) id, m.password_hash hash from members m join sessions s on s.member_id = m.id where s.id = unhex(?)",
      [(await sessionsOf(firm.token)).at(-1)?.id.replaceAll("-", "")],
    )) as unknown as [[{ id: string; hash: string }]];
    return row;
  };
  const salt = Buffer.alloc(16, 7);
  const cheap = { memory: 8_192, passes: 1, parallelism: 1 };
  const tag = argon2Sync("argon2id", { message: password, nonce: salt, tagLength: 32, ...cheap });
  const [old, { id }] = [`$argon2id$v=19$m=8192,t=1,p=1$${unpadded(salt)}$${unpadded(tag)}`, await stored()];
  await database.pool.query("update members set password_hash = ? where id = unhex(?)", [old, id]);

  expect((await signIn(firm, "not this one")).status).toBe(401);
  expect((await stored()).hash).toBe(old);
  expect((await signIn(firm)).status).toBe(200);
  const { hash } = await stored();
  expect(hash).toContain("$m=19456,t=2,p=1$");
  expect((await signIn(firm)).status).toBe(200);
  expect((await stored()).hash).toBe(hash);
});

test("a password that is reset by mail, or given with an invitation, may not be its owner's name either (S11)", async () => {
  const firm = await api.firm();
  await api.call("POST", "/v1/auth/forgot-password", { body: { email: firm.email } });
  const { token } = await api.mailTo(firm.email);
  const reset = (word: string) => api.call("POST", "/v1/auth/reset-password", { body: { token, password: word } });
  expect((await reset("DanaLane-19840312")).status).toBe(422);
  expect((await reset("a river under the old bridge")).status).toBe(200);

  const other = await api.firm();
  await other.verify();
  const email = anAddress("sam");
  await other.post("/v1/invitations", { email, role: "staff" });
  const invited = { token: (await api.mailTo(email)).token, name: "Samuel Reedsmith" };
  const accept = (word: string) =>
    api.call("POST", "/v1/auth/accept-invitation", { body: { ...invited, password: word } });
  expect((await accept("SamuelReedsmith1")).body.errors[0].field).toBe("password");
  expect((await accept("a river under the old bridge")).status).toBe(200);
});

test("more sign-ins at once than can be hashed are told to come again, and the rest succeed (S10)", async () => {
  const firm = await api.firm();
  const answers = await Promise.all(Array.from({ length: 60 }, () => signIn(firm)));
  const busy = answers.filter(({ status }) => status === 503);
  expect(new Set(busy.map(({ body, headers }) => `${body.code} ${headers.get("retry-after")}`))).toEqual(
    new Set(["busy 5"]),
  );
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(34);
});
