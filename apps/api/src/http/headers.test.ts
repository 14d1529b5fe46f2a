import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createLogger } from "@reminder-app/platform/log";
import { testSettings } from "@reminder-app/testing/test-settings";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWaitingApp } from "../app.ts";
import { type GivenApi, givenApi } from "../given-api.ts";
import { type RawRequest, ask, exchange, overTls, productionSettings } from "../given-exchange.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const pagePolicy: unknown = expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/);

/** The headers that every answer has, to the letter. */
function protection({ production = false, filter = true, page = false } = {}) {
  return {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-xss-protection": filter ? "1; mode=block" : undefined,
    "content-security-policy": page ? pagePolicy : "default-src 'none';frame-ancestors 'none'",
    "strict-transport-security": production ? "max-age=31536000; includeSubDomains" : undefined,
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-powered-by": undefined,
    server: undefined,
  };
}

/** Of an answer, the headers that {@link protection} names. */
const protectionOf = (headers: Headers) =>
  Object.fromEntries(Object.keys(protection()).map((name) => [name, headers.get(name) ?? undefined]));

const json = "Content-Type: application/json";
/** Every kind of answer: its status, and what is asked. */
const kinds: readonly (readonly [status: number, request: RawRequest])[] = [
  [200, { target: "/health/live" }],
  [200, { target: "/health/ready" }],
  [200, { target: "/openapi.json" }],
  [200, { target: "/pages.css" }],
  [400, { target: "/v1/clients/%E0%A4%A" }],
  [401, { target: "/v1/me" }],
  [401, { target: "/metrics" }],
  [404, { target: "/nowhere" }],
  [404, { target: "/v1/nowhere" }],
  [404, { target: "/robots.txt" }],
  [405, { target: "/v1/me", method: "DELETE" }],
  [405, { target: "/v1/me", method: "OPTIONS" }],
  [400, { target: "/v1/auth/login", method: "POST", headers: [json], body: "{" }],
  [413, { target: "/v1/auth/login", method: "POST", headers: [json], body: `"${"x".repeat(110_000)}"` }],
  [415, { target: "/v1/auth/login", method: "POST", headers: ["Content-Type: text/plain"], body: "x" }],
  [422, { target: "/v1/auth/login", method: "POST", headers: [json], body: "{}" }],
  [400, { target: "/v1/auth/token", method: "POST", headers: [json], body: "{}" }],
  [403, { target: "/webhooks/twilio/status/x", method: "POST" }],
  [403, { target: "/webhooks/whatsapp", method: "POST" }],
  [403, { target: "/webhooks/whatsapp" }],
  [
    204,
    {
      target: "/v1/me",
      method: "OPTIONS",
      headers: ["Origin: https://console.example", "Access-Control-Request-Method: GET"],
    },
  ],
  [400, { target: "/v1/me", headers: ["Host: two.example"] }],
  [400, { target: "/v1/me", headers: ["Content-Length: 1", "Content-Length: 2"] }],
  [400, { target: "/v1/me", method: "BREW" }],
  [431, { target: "/v1/me", headers: [`X: ${"x".repeat(20_000)}`] }],
];
/** Pages with scripts and styles of their own, and what Express and its parts answer around them. */
const pages: readonly (readonly [status: number, request: RawRequest])[] = [
  [200, { target: "/docs" }],
  [200, { target: "/docs/start.js" }],
  [200, { target: "/docs/assets/swagger-ui.css" }],
  [206, { target: "/docs/assets/swagger-ui.css", headers: ["Range: bytes=0-9"] }],
  [404, { target: "/docs/assets" }],
  [404, { target: "/docs/assets/../../package.json" }],
  [200, { target: "/redoc" }],
];

describe.each(["development", "testing", "production"] as const)("in %s", (APP_ENV) => {
  const production = APP_ENV === "production";
  let served: GivenApi;
  beforeAll(async () => {
    const settings = production ? productionSettings() : { APP_ENV };
    served = await givenApi({ ...settings, CORS_ORIGINS: "https://console.example" });
  });
  afterAll(() => served.close());
  const answer = ({ headers = [], ...request }: RawRequest) =>
    ask(served.port, { ...request, headers: [...overTls, ...headers] });

  test.each(kinds)("every answer has the protective headers: %i for %j (S60)", async (status, request) => {
    const { headers, ...given } = await answer(request);
    expect([given.status, protectionOf(headers)]).toEqual([status, protection({ production })]);
  });

  test.each(pages)("pages have them with a policy of their own: %i for %j (S60)", async (status, request) => {
    const { headers, ...given } = await answer(request);
    expect([given.status, protectionOf(headers)]).toEqual([status, protection({ production, page: true })]);
  });

  test("a setting leaves out the filter of old browsers, wherever an answer comes from (S60)", async () => {
    const settings = production ? productionSettings() : { APP_ENV };
    const without = await givenApi({ ...settings, XSS_PROTECTION_HEADER: "0" });
    for (const method of ["GET", "BREW"]) {
      const { headers } = await ask(without.port, { method, target: "/v1/me", headers: overTls });
      expect(protectionOf(headers)).toEqual(protection({ production, filter: false }));
    }
    await without.close();
  });

  test("a process that waits for its database has them too (S60)", async () => {
    const settings = { ...testSettings(), APP_ENV, PUBLIC_URL: "https://api.firms.test", PROXY_HOPS: 1 };
    const waiting = createWaitingApp(settings, createLogger({ app: "test", level: "silent" })).listen(0, "127.0.0.1");
    await once(waiting, "listening");
    const { port } = waiting.address() as AddressInfo;
    for (const target of ["/health/live", "/v1/me", "/ops/queues"]) {
      const { headers } = await ask(port, { target, headers: overTls });
      expect(protectionOf(headers)).toEqual(protection({ production }));
    }
    waiting.close();
  });
});

test.each<[number, readonly string[]]>([
  [308, ["Host: api.firms.test"]],
  [421, ["Host: evil.example"]],
])("a redirect and a refused host have the protective headers: %i (S60, S61)", async (status, headers) => {
  const production = await givenApi(productionSettings());
  const answer = await ask(production.port, { target: "/v1/me", headers });
  await production.close();
  expect([answer.status, protectionOf(answer.headers)]).toEqual([status, protection({ production: true })]);
});

test("what is no HTTP gets a problem (S43)", async () => {
  const { status, text } = await exchange(api.port, "BOGUS / HTTP/9.9", "", "");
  expect(status).toBe(400);
  expect(JSON.parse(text)).toMatchObject({ status: 400, code: "malformed_request" });
});

test.each(["0190f3a4-7b1c-7d2e-8f90-123456789abc", "4bf92f3577b34da6a3ce929d0e0e4736", "01HZX3QF5Y8K9M2N4P6R7S8T9V"])(
  "the caller's request id %s comes back (S43)",
  async (id) => {
    expect((await api.call("GET", "/v1/me", { headers: { "x-request-id": id } })).body.requestId).toBe(id);
  },
);

test.each([
  "<script>",
  "correct-horse-battery",
  "+14155550123",
  "14155550123",
  "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE",
])("what is no id, and might be a secret, becomes none: %s (S42, S43)", async (odd) => {
  const { body } = await api.call("GET", "/v1/me", { headers: { "x-request-id": odd } });
  expect(body.requestId).toMatch(/^[0-9a-f-]{36}$/);
});

test("logs hold what a line may carry, and no secret or address (S42)", async () => {
  const lines: string[] = [];
  const logged = await givenApi({}, { write: (line) => void lines.push(line) });
  const firm = await logged.firm();
  await firm.post("/v1/clients", {
    name: "Canary Ltd",
    contacts: [{ name: "Ada", addresses: { email: "canary@clients.example" } }],
  });
  await firm.get("/v1/clients?address=canary@clients.example");
  await logged.close();
  const text = lines.join("");
  expect(text).toContain('"route":"POST /v1/clients"');
  for (const secret of [firm.token, firm.refreshToken, firm.email, "anary"]) expect(text).not.toContain(secret);
});
