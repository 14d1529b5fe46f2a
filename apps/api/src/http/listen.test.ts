import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

/** What comes back for the very bytes that are sent. */
async function exchange(...lines: string[]): Promise<string> {
  const socket = connect(api.port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(lines.join("\r\n"));
  await once(socket, "close");
  return Buffer.concat(chunks).toString();
}

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
  const answer = await exchange(...lines);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(answer).toContain("application/problem+json");
  for (const name of ["X-Content-Type-Options", "X-Frame-Options", "Content-Security-Policy", "Referrer-Policy"])
    expect(answer).toContain(`${name}: `);
  expect(answer).toMatch(/Permissions-Policy: camera=\(\)/);
  const { requestId, status: told } = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")));
  expect([told, /X-Request-Id: (\S+)/.exec(answer)?.[1]]).toEqual([status, requestId]);
});

test("an expectation that is not ours is passed over, and the answer has the protective headers (S60)", async () => {
  const answer = await exchange("GET /health/live HTTP/1.1", ...closing, "Expect: tea", "", "");
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain("X-Content-Type-Options: nosniff");
});

test("an old client that speaks HTTP/1.0 names no host, and is served", async () => {
  expect(await exchange("GET /health/live HTTP/1.0", "", "")).toMatch(/^HTTP\/1\.1 200 /);
});
