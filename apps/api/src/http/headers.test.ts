import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi({ CORS_ORIGINS: "https://console.example,https://other.example" });
});
afterAll(() => api.close());

test.each(["/health/live", "/v1/me", "/nowhere", "/openapi.json", "/ops/queues", "/metrics"])(
  "%s has the protective headers, errors included (S60)",
  async (path) => {
    const { headers } = await api.call("GET", path);
    expect(Object.fromEntries(headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "x-xss-protection": "1; mode=block",
      "referrer-policy": "no-referrer",
      "permissions-policy": expect.stringContaining("camera=()"),
      "content-security-policy": expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'/),
    });
    expect(headers.get("x-powered-by")).toBeNull();
  },
);

test("what is no HTTP gets a problem with the protective headers, too (S43, S60)", async () => {
  const socket = connect(api.port, "127.0.0.1");
  socket.write("BOGUS / HTTP/9.9\r\n\r\n");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  await once(socket, "close");
  const answer = Buffer.concat(chunks).toString();
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toContain("X-Content-Type-Options: nosniff");
  expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toMatchObject({
    status: 400,
    code: "malformed_request",
  });
});

test("a browser of a listed origin may call, with the listed methods and headers (S62)", async () => {
  const origin = { origin: "https://console.example" };
  const preflight = await api.call("OPTIONS", "/v1/clients", {
    headers: { ...origin, "access-control-request-method": "PATCH" },
  });
  expect([preflight.status, preflight.headers.get("access-control-allow-methods")]).toEqual([
    204,
    "GET, POST, PUT, PATCH, DELETE",
  ]);
  const refused = await api.call("GET", "/v1/me", { headers: origin });
  expect(refused.status).toBe(401);
  expect(refused.headers.get("access-control-allow-origin")).toBe("https://console.example");
  expect(refused.headers.get("vary")).toContain("Origin");
});

test.each(["https://evil.example", "https://console.example.evil.example", "http://console.example", "null"])(
  "a browser of %s may not (S62)",
  async (origin) => {
    const { headers } = await api.call("GET", "/v1/me", { headers: { origin } });
    expect(headers.get("access-control-allow-origin")).toBeNull();
    expect(headers.get("vary")).toContain("Origin");
  },
);

test("the caller's request id comes back when it is plain, another is made otherwise (S43)", async () => {
  const plain = await api.call("GET", "/v1/me", { headers: { "x-request-id": "trace-12345678" } });
  const odd = await api.call("GET", "/v1/me", { headers: { "x-request-id": "<script>" } });
  expect(plain.body.requestId).toBe("trace-12345678");
  expect(odd.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
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
