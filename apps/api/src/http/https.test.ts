import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import { ask, overTls, productionSettings } from "../given-exchange.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi(productionSettings());
});
afterAll(() => api.close());

const host = "Host: api.firms.test";

describe("in production a request over plain HTTP", () => {
  test.each([
    ["/v1/clients?limit=5&cursor=a%2Fb", "/v1/clients?limit=5&cursor=a%2Fb"],
    ["/", "/"],
    ["/docs", "/docs"],
    ["//evil.example/x", "//evil.example/x"],
    ["http://api.firms.test/v1/me?x=1", "/v1/me?x=1"],
    ["http://api.firms.test?x=1", "/?x=1"],
  ])("for %s is sent to HTTPS, with its path and query (S61)", async (target, path) => {
    const { status, headers, text } = await ask(api.port, { target, headers: [host, "X-Forwarded-Proto: http"] });
    expect([status, headers.get("location"), text]).toEqual([308, `https://api.firms.test${path}`, ""]);
  });

  test("keeps its method, and is not acted on (S61)", async () => {
    const body = JSON.stringify({ email: "dana@firms.example", password: "x" });
    const { status, headers } = await ask(api.port, {
      method: "POST",
      target: "/v1/auth/login",
      headers: [host, "Content-Type: application/json"],
      body,
    });
    expect([status, headers.get("location")]).toEqual([308, "https://api.firms.test/v1/auth/login"]);
  });

  test("is never sent to a host that is not ours (S61)", async () => {
    const { status, headers } = await ask(api.port, { target: "/", headers: ["Host: evil.example"] });
    expect([status, headers.get("location")]).toEqual([421, null]);
  });

  test("is answered when it asks for health (S61)", async () => {
    expect((await ask(api.port, { target: "/health/live", headers: [host] })).status).toBe(200);
  });
});

describe("that a request came by HTTPS", () => {
  const statusWith = async (...proto: string[]) =>
    (await ask(api.port, { target: "/v1/me", headers: [host, ...proto] })).status;

  test("is what the balancer says, in whatever case (S61)", async () => {
    expect(await statusWith("X-Forwarded-Proto: https")).toBe(401);
    expect(await statusWith("x-forwarded-proto: HTTPS")).toBe(401);
  });

  test("is not what the caller wrote before it (S61)", async () => {
    expect(await statusWith("X-Forwarded-Proto: https, http")).toBe(308);
    expect(await statusWith("X-Forwarded-Proto: https", "X-Forwarded-Proto: http")).toBe(308);
    expect(await statusWith("X-Forwarded-Proto: http, https")).toBe(401);
    expect(await statusWith("X-Forwarded-Ssl: on", "Forwarded: proto=https", "X-Url-Scheme: https")).toBe(308);
    expect(await statusWith("X-Forwarded-Proto: httpsx")).toBe(308);
  });

  test("is what the outermost of several proxies says (S61)", async () => {
    const behindTwo = await givenApi({ ...productionSettings(), PROXY_HOPS: "2" });
    const status = async (proto: string) =>
      (await ask(behindTwo.port, { target: "/v1/me", headers: [host, `X-Forwarded-Proto: ${proto}`] })).status;
    expect([await status("https, http"), await status("https"), await status("https, http, http")]).toEqual([
      401, 401, 308,
    ]);
    await behindTwo.close();
  });
});

test("outside of production plain HTTP is served (S61)", async () => {
  const local = await givenApi({ APP_ENV: "development" });
  expect((await ask(local.port, { target: "/v1/me", headers: [host] })).status).toBe(401);
  await local.close();
});

test("production serves what comes by HTTPS (S61)", async () => {
  expect((await ask(api.port, { target: "/openapi.json", headers: overTls })).status).toBe(200);
});
