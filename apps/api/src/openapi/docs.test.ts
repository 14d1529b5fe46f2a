import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import { endpoints } from "../routes/all.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

test("the description names every route with its method, and nothing else (J13)", async () => {
  const { body } = await api.call("GET", "/openapi.json");
  const documented = Object.entries(body.paths as object).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method} ${path}`),
  );
  expect(documented.toSorted()).toEqual(
    endpoints.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`).toSorted(),
  );
  expect(body.servers).toEqual([{ url: "/" }]);
});

test("no two operations share an id (J13)", () => {
  const ids = endpoints.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test.each(endpoints.map((endpoint) => [endpoint.operationId, endpoint] as const))(
  "the documented operation %s is served (J13)",
  async (_id, { method, path }) => {
    const someId = "01980000-0000-7000-8000-000000000001";
    const { status, body } = await api.call(method.toUpperCase(), path.replaceAll(/:\w+/g, someId));
    expect(status).toBeLessThan(500);
    expect([status, body.code]).not.toContain("method_not_allowed");
    expect(body.code).not.toBe("not_found");
  },
);

test.each(
  endpoints
    .filter(({ example }) => example !== undefined)
    .map(({ operationId, body, example }) => ({ operationId, body, example })),
)("the example of $operationId is a body that its schema accepts (J13)", ({ body, example }) =>
  expect(body?.safeParse(example).error).toBeUndefined(),
);

describe.each(["/docs", "/redoc"])("%s", (path) => {
  test("loads only what this server has, and it is there (J13, S60)", async () => {
    const { status, headers, text } = await api.call("GET", path);
    expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const loaded = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? "");
    expect(loaded.length).toBeGreaterThan(1);
    for (const address of loaded) {
      expect(address).toMatch(/^\/(docs|redoc)\//);
      expect((await api.call("GET", address)).status).toBe(200);
    }
  });

  test("has no inline script, and its policy would not run one (J13, S60)", async () => {
    const { headers, text } = await api.call("GET", path);
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|\son\w+=|javascript:/i);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).not.toMatch(/https?:/);
  });
});
