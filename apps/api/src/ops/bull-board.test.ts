import { randomBytes } from "node:crypto";
import { newTotpSecret, totpCode } from "@reminder-app/platform/totp";
import { aContact } from "@reminder-app/testing/given-business";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import type { Answer } from "../given-call.ts";
import { createOpsSessions } from "./ops-session.ts";

const password = "a-test-password";
const html = { accept: "text/html" };

/** An API with a second factor of its own, so that no other test uses up its codes. */
async function givenBoard(changes: Record<string, string> = {}, log?: { write(line: string): void }) {
  const secret = newTotpSecret();
  const api = await givenApi({ OPS_TOTP_SECRET: secret, ...changes }, log);
  const codeIn = (seconds: number) => totpCode(secret, new Date(Date.now() + seconds * 1_000));
  const signIn = (fields: Record<string, string>, headers = {}) =>
    api.call("POST", "/ops/sign-in", {
      body: new URLSearchParams(fields).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    });
  return { api, codeIn, signIn };
}

const cookieOf = (answer: Answer) => ({ cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "" });

let board: Awaited<ReturnType<typeof givenBoard>>;
let api: GivenApi;
let ops: { cookie: string };
beforeAll(async () => {
  board = await givenBoard();
  ({ api } = board);
  ops = cookieOf(await board.signIn({ password, code: board.codeIn(0) }));
});
afterAll(() => api.close());

describe("the queue board", () => {
  const basic = { authorization: `Basic ${Buffer.from(`ops:${password}`).toString("base64")}` };

  test.each([
    ["nobody", {}],
    ["the password alone", basic],
    ["a cookie that nobody signed", { cookie: "ops_session=9999999999.forged" }],
    ["an empty cookie", { cookie: "ops_session=" }],
  ])("is closed to %s, its data and assets too (J14, S27)", async (_who, headers) => {
    for (const path of ["/ops/queues", "/ops/queues/api/queues", "/ops/queues/static/js/main.js"]) {
      const answer = await api.call("GET", path, { headers });
      expect([answer.status, answer.body.code]).toEqual([401, "unauthenticated"]);
    }
    const page = await api.call("GET", "/ops/queues", { headers: { ...headers, ...html } });
    expect([page.status, page.headers.get("location")]).toEqual([303, "/ops/sign-in"]);
  });

  test("is closed to a firm's members (S23)", async () => {
    const { token } = await api.firm();
    expect((await api.call("GET", "/ops/queues/api/queues", { token })).status).toBe(401);
  });

  test.each([
    ["without a password", { OPS_PASSWORD: "", OPS_TOTP_SECRET: "" }],
    ["without a second factor", { OPS_TOTP_SECRET: "" }],
  ])("is not there %s in the configuration (S27)", async (_what, changes) => {
    const without = await givenApi(changes);
    const paths = ["/ops/queues", "/ops/sign-in", "/ops/queues/api/queues"];
    const answers = await Promise.all(
      paths.map((path) => without.call("GET", path, { headers: { ...basic, ...html } })),
    );
    await without.close();
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  test("shows every queue to ops (J14, S27)", async () => {
    const page = await api.call("GET", "/ops/queues", { headers: { ...ops, ...html } });
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const { body } = await api.call("GET", "/ops/queues/api/queues", { headers: ops });
    expect(body.queues.map(({ name }: { name: string }) => name).toSorted()).toEqual([
      "account-mail",
      "deliver-email",
      "deliver-sms",
      "deliver-whatsapp",
      "events",
      "imports",
      "reminders",
      "webhooks",
    ]);
  });

  test("runs no script that it does not bring itself, and says nothing of what it is made with (S60)", async () => {
    for (const path of [
      "/ops/queues",
      "/ops/queues/api/queues",
      "/ops/queues/static",
      "/ops/queues/api/queues/none/1",
    ]) {
      const { headers } = await api.call("GET", path, { headers: ops });
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.get("x-xss-protection")).toBe("1; mode=block");
      expect(headers.has("x-powered-by")).toBe(false);
    }
    const { text, headers } = await api.call("GET", "/ops/queues", { headers: ops });
    expect(headers.get("content-security-policy")).toMatch(/script-src 'self';/);
    const scripts = [...text.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes ?? "");
    for (const attributes of scripts) expect(attributes).toMatch(/src="(?!https?:)|type="application\/json"/);
  });
});

describe("signing in to the queue board", () => {
  test("gives a cookie that no script reads and no other site sends, for eight hours (S27)", async () => {
    const own = await givenBoard();
    const form = await own.api.call("GET", "/ops/sign-in");
    const answer = await own.signIn({ password, code: own.codeIn(0) });
    await own.api.close();
    expect(form.text).toContain('action="/ops/sign-in"');
    expect([answer.status, answer.headers.get("location")]).toEqual([303, "/ops/queues"]);
    expect(answer.headers.get("set-cookie")).toMatch(
      /^ops_session=\d+\.[\w-]{43}; Max-Age=28800; Path=\/ops; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("takes a code once, from whichever process (S27)", async () => {
    const code = board.codeIn(30);
    const again = await givenApi({ OPS_TOTP_SECRET: api.settings.OPS_TOTP_SECRET ?? "" });
    const first = await board.signIn({ password, code });
    const answers = [first, await board.signIn({ password, code })];
    answers.push(
      await again.call("POST", "/ops/sign-in", {
        body: new URLSearchParams({ password, code }).toString(),
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
    );
    await again.close();
    expect(answers.map(({ status }) => status)).toEqual([303, 401, 401]);
    expect(answers[1]?.headers.get("set-cookie")).toBeNull();
    expect(answers[1]?.text).toContain("the code was used already");
  });

  test.each([
    ["a wrong password", () => ({ password: "guessed-password", code: board.codeIn(0) })],
    ["no password", () => ({ code: board.codeIn(0) })],
    ["a wrong code", () => ({ password, code: "000000" })],
    ["no code", () => ({ password })],
    ["a code that is too old", () => ({ password, code: board.codeIn(-90) })],
  ])("is refused with %s, in one and the same way (S27)", async (_what, fields) => {
    const answer = await board.signIn(fields());
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([401, null]);
    expect(answer.text).toContain("The password or the code is wrong");
  });

  test("is slowed down after five wrong ones from a network, and only there (S12, S27)", async () => {
    const LOOKUP_KEYS = `1:${randomBytes(32).toString("base64")}`;
    const limited = await givenBoard({ ABUSE_LIMITS: "1", LOOKUP_KEYS, PROXY_HOPS: "1" });
    const from = (address: string) => ({ "x-forwarded-for": address });
    const wrong = { password, code: "000000" };
    for (let failed = 0; failed < 5; failed += 1) await limited.signIn(wrong, from("203.0.113.1"));
    const right = { password, code: limited.codeIn(0) };
    const refused = await limited.signIn(right, from("203.0.113.1"));
    const elsewhere = await limited.signIn(right, from("203.0.113.2"));
    await limited.api.close();
    expect([refused.status, refused.headers.get("retry-after"), elsewhere.status]).toEqual([429, "1", 303]);
  });

  test("ends by signing out, after eight hours, and with another password (S27)", async () => {
    const page = await api.call("GET", "/ops/sign-in", { headers: ops });
    expect(page.text).toContain('action="/ops/sign-out"');
    const out = await api.call("POST", "/ops/sign-out", { headers: ops });
    expect([out.status, out.headers.get("location")]).toEqual([303, "/ops/sign-in"]);
    expect(out.headers.get("set-cookie")).toMatch(/^ops_session=; .*Expires=Thu, 01 Jan 1970/);

    const { settings } = api;
    const request = (value: string) => ({ get: () => `other=1; ops_session=${value}` }) as never;
    const now = new Date();
    const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
    const sessions = createOpsSessions(settings);
    const value = sessions.issue(now);
    expect(sessions.isSignedIn(request(value), later(7.99))).toBe(true);
    expect(sessions.isSignedIn(request(value), later(8.01))).toBe(false);
    const longer = value.replace(/^\d+/, (until) => String(Number(until) + 1));
    expect(sessions.isSignedIn(request(longer), now)).toBe(false);
    const changed = createOpsSessions({ ...settings, OPS_PASSWORD: "another-password" });
    expect(changed.isSignedIn(request(value), now)).toBe(false);
    const keyed = createOpsSessions({
      ...settings,
      TOKEN_KEYS: new Map([[2, randomBytes(32)], ...settings.TOKEN_KEYS]),
    });
    expect(keyed.isSignedIn(request(value), now)).toBe(true);
    expect(createOpsSessions({ ...settings, APP_ENV: "production" }).cookieOptions.secure).toBe(true);
  });
});

const writes: readonly (readonly [method: string, path: string, body: unknown])[] = [
  ["PUT", "/events/pause", undefined],
  ["PUT", "/events/empty", undefined],
  ["PUT", "/events/obliterate", undefined],
  ["PUT", "/events/clean/failed", undefined],
  ["POST", "/events/add", { name: "x", data: {} }],
];

test.each(writes)(
  "without OPS_WRITE the board refuses %s %s, and what it was asked is logged (S27)",
  async (method, path, body) => {
    const lines: string[] = [];
    const quiet = await givenBoard({}, { write: (line) => void lines.push(line) });
    const cookie = cookieOf(await quiet.signIn({ password, code: quiet.codeIn(0) }));
    const answer = await quiet.api.call(method, `/ops/queues/api/queues${path}`, { headers: cookie, body });
    const nobody = await quiet.api.call(method, `/ops/queues/api/queues${path}`, { body });
    await quiet.api.close();
    expect([answer.status, answer.body.code, nobody.status]).toEqual([403, "forbidden", 401]);
    const acted = lines.filter((line) => line.includes('"ops acts"'));
    expect(acted).toHaveLength(2);
    expect(acted[0]).toContain(`"method":"${method}","url":"/ops/queues/api/queues${path}","status":403`);
    expect(lines.join("")).toContain('"ops signs in"');
    expect(lines.join("")).not.toContain(password);
  },
);

test("with OPS_WRITE ops pause a queue, from the board's own pages alone (S27)", async () => {
  const lines: string[] = [];
  const writing = await givenBoard({ OPS_WRITE: "1" }, { write: (line) => void lines.push(line) });
  const cookie = cookieOf(await writing.signIn({ password, code: writing.codeIn(0) }));
  const pause = (site: string) =>
    writing.api.call("PUT", "/ops/queues/api/queues/events/pause", { headers: { ...cookie, "sec-fetch-site": site } });
  const foreign = await pause("cross-site");
  const sibling = await pause("same-site");
  const own = await pause("same-origin");
  const { body } = await writing.api.call("GET", "/ops/queues/api/queues", { headers: cookie });
  await writing.api.close();
  expect([foreign.status, sibling.status, own.status]).toEqual([403, 403, 200]);
  expect(body.queues.find(({ name }: { name: string }) => name === "events").isPaused).toBe(true);
  expect(lines.filter((line) => line.includes('"ops acts"') && line.includes('"status":200'))).toHaveLength(1);
});

test("the board shows ids, and no name, address or text of anybody (J14, S27)", async () => {
  const firm = await api.firm();
  const [company, person, email, sms, words] = [
    "Canary Ltd",
    "Cara Canary",
    "canary@clients.example",
    "+442079460999",
    "the canary's text",
  ];
  const planted = [company, person, email, sms, words, firm.email];
  const contact = { ...aContact({ name: person }), addresses: { email, sms } };
  const clientId = await firm.client({ name: company, contacts: [contact] });
  const channels = ["email", "sms"];
  const reminderId = await firm.reminder({ name: words, body: words, channels, assignments: [{ clientId }] });
  await firm.post(`/v1/reminders/${reminderId}/send`, {});
  await firm.verify();
  await firm.post("/v1/invitations", { email, role: "staff" });

  const seen = await everythingOn(api, ops);
  expect(seen.join("")).toContain(reminderId);
  expect(seen.length).toBeGreaterThan(10);
  for (const text of seen) for (const secret of planted) expect(text).not.toContain(secret);
});

/** What the board says of all queues, timers and jobs. */
async function everythingOn({ call }: GivenApi, headers: { cookie: string }): Promise<string[]> {
  const read = async (path: string) => (await call("GET", `/ops/queues/api${path}`, { headers })).text;
  const seen = [await read("/queues"), await read("/job-schedulers"), await read("/redis/stats")];
  const { queues } = JSON.parse(seen[0] ?? "") as { queues: { name: string }[] };
  for (const { name } of queues) {
    const listed = await read(`/queues?activeQueue=${name}&status=latest&page=1&jobsPerPage=50`);
    seen.push(listed, await read(`/queues/${name}/workers`));
    const jobs = (JSON.parse(listed) as { queues: { name: string; jobs: { id: string }[] }[] }).queues;
    for (const { id } of jobs.find((queue) => queue.name === name)?.jobs ?? []) {
      const path = `/queues/${name}/${encodeURIComponent(id)}`;
      seen.push(await read(path), await read(`${path}/logs`), await read(`${path}/flow`));
    }
  }
  return seen;
}
