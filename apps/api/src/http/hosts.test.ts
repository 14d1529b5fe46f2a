import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import { type RawRequest, ask, exchange, overTls, productionSettings } from "../given-exchange.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi(productionSettings());
});
afterAll(() => api.close());

const https = "X-Forwarded-Proto: https";
const codeOf = async (request: RawRequest) => {
  const { status, text } = await ask(api.port, request);
  return [status, (JSON.parse(text) as { code: string }).code];
};

describe("in production the host of a request", () => {
  test.each(["api.firms.test", "API.Firms.Test", "api.firms.test:443"])("may be %s (S61)", async (host) => {
    expect(await codeOf({ target: "/v1/me", headers: [`Host: ${host}`, https] })).toEqual([401, "unauthenticated"]);
  });

  test.each([
    ["another", "evil.example"],
    ["a longer one", "api.firms.test.evil.example"],
    ["one that ends alike", "evil-api.firms.test"],
    ["a name below", "x.api.firms.test"],
    ["the name above", "firms.test"],
    ["another port", "api.firms.test:8443"],
    ["a port that is none", "api.firms.test:evil"],
    ["a dot at its end", "api.firms.test."],
    ["a user before it", "api.firms.test@evil.example"],
    ["a user before the right one", "evil.example@api.firms.test"],
    ["an address", "127.0.0.1"],
    ["two names", "api.firms.test, evil.example"],
    ["a path", "api.firms.test/evil"],
    ["nothing", ""],
  ])("may not be %s (S61)", async (_what, host) => {
    expect(await codeOf({ target: "/v1/me", headers: [`Host: ${host}`, https] })).toEqual([421, "host_unknown"]);
  });

  test("cannot be named twice (S61)", async () => {
    const twice = ["Host: api.firms.test", "Host: evil.example", https];
    expect(await codeOf({ target: "/v1/me", headers: twice })).toEqual([400, "malformed_request"]);
    expect(await codeOf({ target: "/health/live", headers: twice })).toEqual([400, "malformed_request"]);
  });

  test("counts where the request's first line names one, too (S61)", async () => {
    const evil = "http://evil.example/v1/me";
    expect(await codeOf({ target: evil, headers: overTls })).toEqual([421, "host_unknown"]);
    const own = "https://api.firms.test/v1/me";
    expect(await codeOf({ target: own, headers: overTls })).toEqual([401, "unauthenticated"]);
    expect(await codeOf({ target: own, headers: ["Host: evil.example", https] })).toEqual([421, "host_unknown"]);
    const user = "https://api.firms.test@evil.example/v1/me";
    expect(await codeOf({ target: user, headers: overTls })).toEqual([421, "host_unknown"]);
  });

  test("is not taken from X-Forwarded-Host, in neither direction (S61)", async () => {
    const forwarded = ["X-Forwarded-Host: evil.example", "Forwarded: host=evil.example"];
    expect(await codeOf({ target: "/v1/me", headers: [...overTls, ...forwarded] })).toEqual([401, "unauthenticated"]);
    const disguised = ["Host: evil.example", "X-Forwarded-Host: api.firms.test", https];
    expect(await codeOf({ target: "/v1/me", headers: disguised })).toEqual([421, "host_unknown"]);
  });

  test("is missing only before HTTP/1.1, and then nothing is served (S61)", async () => {
    expect((await exchange(api.port, "GET /v1/me HTTP/1.0", https, "", "")).status).toBe(421);
    expect(await codeOf({ target: "/v1/me", headers: [https] })).toEqual([400, "malformed_request"]);
  });

  test("does not matter for health, which a balancer asks for by address (S61)", async () => {
    for (const target of ["/health/live", "/health/ready?from=balancer"])
      expect((await ask(api.port, { target, headers: ["Host: 10.0.0.7:8000"] })).status).toBe(200);
    for (const target of ["/health/live/..%2f", "/health/livex", "//health/live", "/metrics"])
      expect((await ask(api.port, { target, headers: ["Host: 10.0.0.7:8000", https] })).status).toBe(421);
  });
});

test("several hosts can be allowed, also with ports, and in every environment (S61)", async () => {
  const some = await givenApi({ ALLOWED_HOSTS: "api.firms.test, console.firms.test:8443" });
  const statusOf = async (host: string) =>
    (await ask(some.port, { target: "/v1/me", headers: [`Host: ${host}`] })).status;
  expect([await statusOf("api.firms.test"), await statusOf("console.firms.test:8443")]).toEqual([401, 401]);
  expect([await statusOf("console.firms.test"), await statusOf("localhost")]).toEqual([421, 421]);
  await some.close();
});

test("outside of production any host will do unless some are listed (S61)", async () => {
  const local = await givenApi();
  expect((await ask(local.port, { target: "/v1/me", headers: ["Host: whatever.test"] })).status).toBe(401);
  await local.close();
});
