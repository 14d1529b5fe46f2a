import { randomBytes } from "node:crypto";
import { newId } from "@reminder-app/platform/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { ask, exchange, overTls, productionSettings } from "../given-exchange.ts";
import { gateTo } from "../given-gate.ts";
import { testSettings } from "@reminder-app/testing/test-settings";
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { endpoints } from "../routes/all.ts";

/** A route that fails as nobody foresaw, with a message that tells what it should not. */
const failing = endpoint({
  method: "post",
  path: "/v1/failing",
  operationId: "failing",
  summary: "Fails",
  tag: "Failing",
  access: "viewer",
  scope: "members",
  body: z.strictObject({}),
  answer: { status: 200 },
  async handle({ ctx }) {
    await ctx.db.execute("select canary from no_such_table where mysql = 'node_modules'");
    return {};
  },
});

let api: GivenApi;
let firm: GivenFirm;
let production: GivenApi;
let limited: GivenApi;
beforeAll(async () => {
  const ownCounters = { LOOKUP_KEYS: `1:${randomBytes(32).toString("base64")}` };
  [api, production, limited] = await Promise.all([
    givenApi({}, undefined, [...endpoints, failing]),
    givenApi(productionSettings()),
    givenApi({ ABUSE_LIMITS: "1", ...ownCounters }),
  ]);
  firm = await api.firm();
});
afterAll(() => Promise.all([api.close(), production.close(), limited.close()]));

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const call =
  (method: string, path: string, body?: unknown, headers = {}) =>
  () =>
    api.call(method, path, { token: firm.token, body, headers });
const json = "Content-Type: application/json";
const host = "Host: a";

async function guessUntilRefused(): Promise<Told> {
  const body = { email: `${newId()}@firms.example`, password: "not this one" };
  let answer = await limited.call("POST", "/v1/auth/login", { body });
  while (answer.status === 401) answer = await limited.call("POST", "/v1/auth/login", { body });
  return answer;
}

async function whileTheDatabaseIsAway(): Promise<Told> {
  const gate = await gateTo(testSettings().DATABASE_URL);
  const cutOff = await givenApi({ DATABASE_URL: gate.url });
  gate.shut();
  const body = { email: "dana@firms.example", password: "not this one" };
  const answer = await cutOff.call("POST", "/v1/auth/login", { body });
  await cutOff.close();
  await gate.close();
  return answer;
}

const kinds: readonly (readonly [number, string, string, () => Promise<Told>])[] = [
  [400, "malformed_request", "broken JSON", call("POST", "/v1/clients", "{ name")],
  [400, "malformed_request", "what is no HTTP", () => exchange(api.port, "BOGUS / HTTP/9.9", "", "")],
  [400, "malformed_request", "a path that cannot be read", call("GET", "/v1/clients/%ff")],
  [401, "unauthenticated", "no token", () => api.call("GET", "/v1/me")],
  [401, "token_invalid", "a token that is none", () => api.call("GET", "/v1/me", { token: "a.b.c" })],
  [404, "not_found", "a page that is not there", call("GET", "/v1/customers")],
  [404, "not_found", "a thing that is not there", call("GET", `/v1/clients/${newId()}`)],
  [405, "method_not_allowed", "a method that a page lacks", call("PUT", "/v1/me", {})],
  [413, "payload_too_large", "a body that is too large", call("POST", "/v1/clients", { name: "x".repeat(102_400) })],
  [415, "unsupported_media_type", "another type", call("POST", "/v1/clients", "a", { "content-type": "text/plain" })],
  [
    421,
    "host_unknown",
    "another host in production",
    () => ask(production.port, { target: "/v1/me", headers: ["Host: evil.example", overTls[1] ?? ""] }),
  ],
  [422, "validation_failed", "a wrong field", call("POST", "/v1/clients", { name: "" })],
  [429, "rate_limited", "too many guesses", guessUntilRefused],
  [
    431,
    "headers_too_large",
    "headers without end",
    () => ask(api.port, { target: "/v1/me", headers: [host, `X: ${"x".repeat(20_000)}`] }),
  ],
  [500, "internal", "a fault of ours", call("POST", "/v1/failing", {})],
  [503, "database_unavailable", "a database that is away", whileTheDatabaseIsAway],
];

test.each(kinds)(
  "a %i, %s, for %s is a problem with its request id, and tells nothing of the inside (S43)",
  async (status, code, _what, provoke) => {
    const { headers, text, ...answer } = await provoke();
    expect(answer.status).toBe(status);
    expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
    const problem = JSON.parse(text);
    expect(problem).toMatchObject({ status, code, requestId: headers.get("x-request-id") });
    expect(problem.requestId).toMatch(/^[\w-]{8,64}$/);
    expect(problem.type).toBe(`https://reminders.example/problems/${code}`);
    expect([headers.get("x-powered-by"), headers.get("server"), headers.get("cache-control")]).toEqual([
      null,
      null,
      "no-store",
    ]);
    expect(`${text}${headers.get("via") ?? ""}`).not.toMatch(
      /canary|mysql|mariadb|drizzle|express|node_modules|select |\.ts|ER_|ECONN|\bat \w+ \(|\/tmp|\d+\.\d+\.\d+/i,
    );
  },
);

test("a 408, for headers that never end, is a problem with its request id, too (S39, S43)", async () => {
  const { status, headers, text } = await exchange(api.port, "GET /v1/me HTTP/1.1", host, "X: half of a hea");
  const problem = JSON.parse(text);
  expect([status, problem.code, problem.requestId]).toEqual([408, "request_timeout", headers.get("x-request-id")]);
}, 30_000);

test("an id that the caller gives is kept where it is plain, and replaced where it is not (S43)", async () => {
  const own = newId();
  const kept = await api.call("GET", "/v1/me", { headers: { "x-request-id": own } });
  expect([kept.body.requestId, kept.headers.get("x-request-id")]).toEqual([own, own]);
  for (const odd of ["<script>alert(1)</script>", "ada@clients.example", "x".repeat(65), `${own} `.repeat(2)]) {
    const { body, text } = await api.call("GET", "/v1/me", { headers: { "x-request-id": odd } });
    expect(body.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(text).not.toContain(odd);
  }
});

test("a body that a slow parser would choke on is refused at once, and the next request is served (S38, S43)", async () => {
  const lines = [host, json, `Authorization: Bearer ${firm.token}`];
  const refused = await ask(api.port, {
    method: "POST",
    target: "/v1/clients",
    headers: lines,
    body: "[".repeat(90_000),
  });
  expect([refused.status, JSON.parse(refused.text).code]).toEqual([400, "malformed_request"]);
  expect((await firm.get("/v1/me")).status).toBe(200);
});
