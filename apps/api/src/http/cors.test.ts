import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createLogger } from "@reminder-app/platform/log";
import { testSettings } from "@reminder-app/testing/test-settings";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWaitingApp } from "../app.ts";
import { type GivenApi, givenApi } from "../given-api.ts";
import { send } from "../given-call.ts";
import { endpoints } from "../routes/all.ts";

const origin = "https://console.example";
let api: GivenApi;
beforeAll(async () => {
  api = await givenApi({ CORS_ORIGINS: `${origin},http://localhost:5173` });
});
afterAll(() => api.close());

const corsHeaders = (headers: Headers) => [...headers.keys()].filter((name) => name.startsWith("access-control-"));
const preflight = (headers: Record<string, string>, method = "PATCH") =>
  api.call("OPTIONS", "/v1/clients", { headers: { ...headers, "access-control-request-method": method } });

test("a browser of a listed origin may call, with the listed methods and headers (S62)", async () => {
  const { status, text, headers } = await preflight({ origin, "access-control-request-headers": "authorization" });
  expect([status, text]).toEqual([204, ""]);
  expect(Object.fromEntries(headers)).toMatchObject({
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, X-Request-Id",
    "access-control-max-age": "600",
    vary: "Origin",
  });
  expect(headers.has("access-control-allow-credentials")).toBe(false);
});

test("the listed methods are those that there are routes for (S62)", async () => {
  const { headers } = await preflight({ origin });
  const listed = headers.get("access-control-allow-methods")?.split(", ").toSorted();
  expect(listed).toEqual([...new Set(endpoints.map(({ method }) => method.toUpperCase()))].toSorted());
});

describe("errors can be read by a browser of a listed origin, as answers can", () => {
  test.each<[number, string, string, object]>([
    [401, "GET", "/v1/me", {}],
    [404, "GET", "/v1/nowhere", {}],
    [405, "DELETE", "/v1/me", {}],
    [400, "POST", "/v1/auth/login", { body: "{" }],
    [413, "POST", "/v1/auth/login", { body: `"${"x".repeat(200_000)}"` }],
    [415, "POST", "/v1/auth/login", { body: "x", headers: { origin, "content-type": "text/plain" } }],
    [422, "POST", "/v1/auth/login", { body: {} }],
  ])("%i for %s %s (S62)", async (status, method, path, options) => {
    const answer = await api.call(method, path, { headers: { origin }, ...options });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([status, origin]);
    expect(answer.headers.get("access-control-expose-headers")).toContain("Retry-After");
    expect(answer.headers.get("vary")).toContain("Origin");
  });

  test("429, with how long to wait (S62)", async () => {
    const LOOKUP_KEYS = `1:${randomBytes(32).toString("base64")}`;
    const limited = await givenApi({ CORS_ORIGINS: origin, ABUSE_LIMITS: "1", LOOKUP_KEYS });
    const body = { email: "nobody@firms.example", password: "guessed" };
    const guess = () => limited.call("POST", "/v1/auth/login", { body, headers: { origin } });
    for (let failed = 0; failed < 5; failed += 1) await guess();
    const { status, headers } = await guess();
    await limited.close();
    expect([status, headers.get("access-control-allow-origin")]).toEqual([429, origin]);
    expect(headers.get("retry-after")).toMatch(/^\d+$/);
  });

  test("503 while the database is not there yet (S62)", async () => {
    const settings = testSettings({ CORS_ORIGINS: origin });
    const server = createWaitingApp(settings, createLogger({ app: "test", level: "silent" })).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { status, headers } = await send(`http://127.0.0.1:${port}/v1/me`, "GET", { headers: { origin } });
    server.close();
    expect([status, headers.get("access-control-allow-origin")]).toEqual([503, origin]);
  });
});

describe("a browser of another origin gets no CORS header", () => {
  test.each([
    ["another", "https://evil.example"],
    ["a longer one", "https://console.example.evil.example"],
    ["one that ends alike", "https://evil-console.example"],
    ["a name below", "https://x.console.example"],
    ["without TLS", "http://console.example"],
    ["another port", "https://console.example:8443"],
    ["the port that is meant anyway", "https://console.example:443"],
    ["another port of a listed one", "http://localhost:5174"],
    ["another case", "https://Console.example"],
    ["with a dot at its end", "https://console.example."],
    ["with a path", "https://console.example/"],
    ["a user before it", "https://console.example@evil.example"],
    ["none, of a sandboxed page or a file", "null"],
    ["a wildcard", "*"],
    ["two", `${origin}, https://evil.example`],
  ])("%s: %s (S62)", async (_what, other) => {
    for (const answer of [
      await preflight({ origin: other }),
      await api.call("GET", "/v1/me", { headers: { origin: other } }),
    ]) {
      expect(corsHeaders(answer.headers)).toEqual([]);
      expect(answer.headers.get("vary")).toContain("Origin");
    }
  });
});

test("what is no call of a browser varies by origin as well, so that no cache mixes them up (S62)", async () => {
  const { headers } = await api.call("GET", "/v1/me");
  expect([corsHeaders(headers), headers.get("vary")]).toEqual([[], "Origin"]);
});

test("credentials are allowed only where a setting says so, and only to listed origins (S62)", async () => {
  const trusting = await givenApi({ CORS_ORIGINS: origin, CORS_CREDENTIALS: "1" });
  const ours = await trusting.call("GET", "/v1/me", { headers: { origin } });
  const theirs = await trusting.call("GET", "/v1/me", { headers: { origin: "https://evil.example" } });
  await trusting.close();
  expect(ours.headers.get("access-control-allow-credentials")).toBe("true");
  expect(ours.headers.get("access-control-allow-origin")).toBe(origin);
  expect(corsHeaders(theirs.headers)).toEqual([]);
});
