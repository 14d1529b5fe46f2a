import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { ask, exchange } from "../given-exchange.ts";
import { endpoints } from "../routes/all.ts";

const LIMIT = 100 * 1_024;
let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

const token = () => `Authorization: Bearer ${firm.token}`;
const post = (body: string, ...headers: string[]) =>
  ask(api.port, { method: "POST", target: "/v1/clients", headers: ["Host: a", token(), ...headers], body });
const json = "Content-Type: application/json";
const clientOf = (bytes: number) => `{"name":"Hill Ltd"}`.padEnd(bytes);
const codeOf = (text: string) => (JSON.parse(text) as { code?: string }).code;
const clients = async () => (await firm.get("/v1/clients?limit=100")).body.items.length as number;

describe("a body may have 100 KiB and no more (S38)", () => {
  test("the last byte that fits is read, the next one is refused (S38)", async () => {
    expect((await post(clientOf(LIMIT), json)).status).toBe(201);
    const before = await clients();
    const { status, text } = await post(clientOf(LIMIT + 1), json);
    expect([status, codeOf(text)]).toEqual([413, "payload_too_large"]);
    expect(await clients()).toBe(before);
  });

  const chunks = (total: number, size: number) =>
    Array.from({ length: Math.ceil(total / size) }, () => [size.toString(16), " ".repeat(size)]).flat();
  test.each([
    ["in chunks", "/v1/clients", 200_000],
    ["in chunks, for the endpoint that reads forms", "/v1/auth/token", 200_000],
    ["in chunks, for a route that takes no body", "/v1/auth/logout", 200_000],
  ])("also %s, whose sum nobody declared (S38)", async (_what, path, total) => {
    const head = [`POST ${path} HTTP/1.1`, "Host: a", token(), json, "Transfer-Encoding: chunked", "Connection: close"];
    const { status } = await exchange(api.port, ...head, "", ...chunks(total, 20_000), "0", "", "");
    expect(status).toBe(413);
    expect((await firm.get("/v1/me")).status).toBe(200);
  });

  test("a small one in chunks is read (S38)", async () => {
    const body = clientOf(40);
    const head = ["POST /v1/clients HTTP/1.1", "Host: a", token(), json, "Transfer-Encoding: chunked"];
    const sent = [...head, "Connection: close", "", "28", body, "0", "", ""];
    expect((await exchange(api.port, ...sent)).status).toBe(201);
  });
});

describe("only the declared content type is read (S38)", () => {
  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "APPLICATION/JSON",
  ])("%s is (S38)", async (type) => {
    expect((await post(clientOf(40), `Content-Type: ${type}`)).status).toBe(201);
  });

  test.each([
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "application/vnd.api+json",
    "application/json-patch+json",
    "application/jsonp",
    "application/json, text/plain",
    "application/json; charset=utf-7",
    "application/json; charset=utf-16le",
    'application/json; charset="iso-8859-1"',
    "application",
    "",
  ])("%s is not, and nothing is written (S38)", async (type) => {
    const before = await clients();
    const { status, text } = await post(clientOf(40), `Content-Type: ${type}`);
    expect([status, codeOf(text)]).toEqual([415, "unsupported_media_type"]);
    expect(await clients()).toBe(before);
  });

  test("a body without any type is not (S38)", async () => {
    expect((await post(clientOf(40))).status).toBe(415);
  });
});

describe("a compressed body is refused before it is unpacked (S38)", () => {
  const bomb = Buffer.alloc(20_000_000, " ");
  test.each([
    ["gzip", gzipSync(bomb)],
    ["deflate", deflateSync(bomb)],
    ["br", brotliCompressSync(bomb)],
    ["gzip, gzip", gzipSync(gzipSync(bomb))],
    ["zstd", Buffer.from("any")],
    ["x-gzip", gzipSync("{}")],
  ])("%s (S38)", async (encoding, bytes) => {
    const answer = await fetch(`${api.url}/v1/clients`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-encoding": encoding,
        authorization: `Bearer ${firm.token}`,
      },
      body: bytes,
    });
    expect([answer.status, codeOf(await answer.text())]).toEqual([415, "unsupported_media_type"]);
  });
});

const listed = endpoints.filter(({ method, query, access }) => method === "get" && query && access !== "public");
const pathOf = (path: string) => path.replaceAll(/:\w+/g, "01980000-0000-7000-8000-000000000001");

describe.each(listed.map((endpoint) => [endpoint.operationId, endpoint] as const))(
  "a query of %s",
  (_id, { path, query }) => {
    const ask = (search: string) => firm.get(`${pathOf(path)}?${search}`);

    test.each(Object.keys(query?.shape ?? {}))("may have %s once (S36)", async (name) => {
      for (const search of [
        `${name}=1&${name}=2`,
        `${name}=1&${name}=1`,
        `${name}&${name}`,
        `${name}=1&%${name.codePointAt(0)?.toString(16)}${name.slice(1)}=2`,
      ]) {
        const { status, body } = await ask(search);
        expect([search, status, body.code]).toEqual([search, 400, "malformed_request"]);
      }
    });

    test("may have no key that reaches a prototype (S36)", async () => {
      for (const search of ["__proto__=1", "__proto__[role]=owner", "__pro%74o__=1"]) {
        const { status } = await ask(search);
        expect([400, 422]).toContain(status);
      }
      expect((await ask("__proto__=1")).body.code).toBe("malformed_request");
    });

    test("knows no brackets and no dots: what they make elsewhere is an unknown name here (S36)", async () => {
      for (const name of ["limit[]", "limit[$gt]", "limit.a", "constructor[prototype][role]", "a[__proto__][b]"]) {
        const { status, body } = await ask(`${encodeURIComponent(name)}=1`);
        expect([status, body.errors?.[0]?.field]).toEqual([422, name]);
      }
      expect(({} as Record<string, unknown>)["role"]).toBeUndefined();
    });
  },
);

test("a body with a key that reaches a prototype is refused wherever the key stands (S36)", async () => {
  const bodies = [
    '{"__proto__":{"role":"owner"},"name":"a"}',
    '{"name":"a","contacts":[{"name":"b","__proto__":{}}]}',
    '{"name":"a","contacts":[{"name":"b","preferences":{"__proto__":["sms"]}}]}',
    '{"name":"a","__prot\\u006f__":1}',
  ];
  for (const body of bodies) {
    const { status, body: said } = await firm.post("/v1/clients", body);
    expect([status, said.code]).toEqual([400, "malformed_request"]);
  }
});

test("a form's unknown fields are passed over, as RFC 6749 wants, and reach no prototype (S36)", async () => {
  const { status, body } = await api.call("POST", "/v1/auth/token", {
    body: "grant_type=refresh_token&refresh_token=a&__proto__=1&constructor[prototype][role]=owner",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect([status, body.error]).toEqual([400, "invalid_grant"]);
  expect(({} as Record<string, unknown>)["role"]).toBeUndefined();
});

test("a form that has a field twice is refused (S36)", async () => {
  const { status, body } = await api.call("POST", "/v1/auth/token", {
    body: "grant_type=refresh_token&refresh_token=a&refresh_token=b",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect([status, body.error]).toEqual([400, "invalid_request"]);
});
