import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import { exchange } from "../given-exchange.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const json = "Content-Type: application/json";
const closing = ["Host: a", "Connection: close"];

test.each<[string, number, string[]]>([
  ["without a Host", 400, ["GET /health/live HTTP/1.1", "Connection: close", "", ""]],
  [
    "with two lengths",
    400,
    ["POST /v1/auth/login HTTP/1.1", ...closing, json, "Content-Length: 2", "Content-Length: 3", "", "{}"],
  ],
  [
    "with a length and chunks",
    400,
    [
      "POST /v1/auth/login HTTP/1.1",
      ...closing,
      json,
      "Content-Length: 2",
      "Transfer-Encoding: chunked",
      "",
      "2",
      "{}",
      "0",
      "",
      "",
    ],
  ],
  ["with headers without end", 431, ["GET /health/live HTTP/1.1", ...closing, `X: ${"x".repeat(20_000)}`, "", ""]],
  ["with a method that nobody knows", 400, ["BREW /health/live HTTP/1.1", ...closing, "", ""]],
  ["that asks for another server's page", 404, ["OPTIONS * HTTP/1.1", ...closing, "", ""]],
])("a request %s is refused with a problem and the protective headers (S43, S60)", async (_what, status, lines) => {
  const { status: answered, headers, text } = await exchange(api.port, ...lines);
  expect([answered, headers.get("content-type")?.split(";")[0]]).toEqual([status, "application/problem+json"]);
  expect(headers.get("x-frame-options")).toBe("DENY");
  const { requestId, status: told } = JSON.parse(text) as { requestId: string; status: number };
  expect([told, headers.get("x-request-id")]).toEqual([status, requestId]);
});

test("an expectation that is not ours is passed over, and the answer has the protective headers (S60)", async () => {
  const { status, headers } = await exchange(api.port, "GET /health/live HTTP/1.1", ...closing, "Expect: tea", "", "");
  expect([status, headers.get("x-frame-options")]).toEqual([200, "DENY"]);
});

test("an old client that speaks HTTP/1.0 names no host, and is served", async () => {
  expect((await exchange(api.port, "GET /health/live HTTP/1.0", "", "")).status).toBe(200);
});

/** A client that sends `start`, and then a byte each second for as long as it can. */
async function drip(...start: readonly string[]): Promise<{ seconds: number; said: string }> {
  const socket = connect(api.port, "127.0.0.1");
  const began = performance.now();
  let said = "";
  socket.on("data", (chunk) => (said += String(chunk))).on("error", () => {});
  socket.write(start.join("\r\n"));
  const dripping = setInterval(() => socket.write("a"), 1_000);
  await once(socket, "close");
  clearInterval(dripping);
  return { seconds: (performance.now() - began) / 1_000, said };
}

/** When a connection is looked at again, and what a busy machine needs. */
const SLACK_SECONDS = 6;

describe.concurrent("a slow client is cut off, however steadily it goes on", { timeout: 60_000 }, () => {
  test("in its headers after 10 s (S39)", async ({ expect: expecting }) => {
    const { seconds, said } = await drip("GET /health/live HTTP/1.1", "Host: a", "X-Slow: ");
    expecting(seconds).toBeGreaterThanOrEqual(9.9);
    expecting(seconds).toBeLessThan(10 + SLACK_SECONDS);
    expecting(said).toMatch(/^HTTP\/1\.1 408 /);
    expecting(said).toContain("X-Frame-Options: DENY");
  });

  test("in its body after 30 s (S39)", async ({ expect: expecting }) => {
    const { seconds, said } = await drip(
      "POST /v1/auth/login HTTP/1.1",
      "Host: a",
      json,
      "Content-Length: 100",
      "",
      "",
    );
    expecting(seconds).toBeGreaterThanOrEqual(29.9);
    expecting(seconds).toBeLessThan(30 + SLACK_SECONDS);
    expecting(said).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("also where files may come slowly, unless it is known who sends them (S38, S39)", async ({
    expect: expecting,
  }) => {
    const { seconds, said } = await drip(
      "POST /v1/clients/01980000-0000-7000-8000-000000000001/documents HTTP/1.1",
      "Host: a",
      "Content-Type: multipart/form-data; boundary=a",
      "Content-Length: 1000",
      "",
      "",
    );
    expecting(seconds).toBeLessThan(30 + SLACK_SECONDS);
    expecting(said).toMatch(/^HTTP\/1\.1 401 /);
  });
});

test("files may come as slowly as a telephone sends them, beyond 30 s (S38, S39)", { timeout: 60_000 }, async () => {
  const firm = await api.firm();
  const clientId = await firm.client();
  const boundary = "a-boundary-of-tests";
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="slow.txt"\r\n\r\n`;
  const [pieces, end] = [34, `\r\n--${boundary}--\r\n`];
  const socket = connect(api.port, "127.0.0.1");
  let said = "";
  socket.on("data", (chunk) => (said += String(chunk)));
  const lines = [
    `POST /v1/clients/${clientId}/documents HTTP/1.1`,
    ...closing,
    `Authorization: Bearer ${firm.token}`,
    `Content-Type: multipart/form-data; boundary=${boundary}`,
    `Content-Length: ${head.length + pieces + end.length}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n${head}`);
  for (let piece = 0; piece < pieces; piece += 1) {
    socket.write("a");
    await sleep(1_000);
  }
  socket.write(end);
  await once(socket, "close");
  expect(said).toMatch(/^HTTP\/1\.1 201 /);
  expect(said).toContain('"name":"slow.txt"');
});

test("an idle connection is told that it is kept for 65 s, longer than the balancer's 60 (S39)", async () => {
  const { headers } = await api.call("GET", "/health/live");
  expect(headers.get("keep-alive")).toBe("timeout=65");
});
