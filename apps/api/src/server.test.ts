import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { testSettings } from "@reminder-app/testing/test-settings";
import { expect, test } from "vitest";
import { givenApi } from "./given-api.ts";
import { send } from "./given-call.ts";
import { databaseUrlAt, freePort, openDatabaseAt } from "./given-wire.ts";

const { DATABASE_URL, REDIS_URL } = testSettings();

async function untilAnswered(url: string) {
  for (;;) {
    try {
      return await send(url, "GET", {});
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

test("a process that starts before its database says that it is not ready, and serves once it is there (J15)", async () => {
  const [databasePort, port] = [await freePort(), await freePort()];
  const starting = givenApi({ DATABASE_URL: databaseUrlAt(databasePort), PORT: String(port) });
  const url = `http://127.0.0.1:${port}`;

  const early = await untilAnswered(`${url}/health/ready`);
  expect([early.status, early.body]).toMatchObject([503, { status: "not ready", database: "away" }]);
  expect((await send(`${url}/health/live`, "GET", {})).status).toBe(200);
  const refused = await send(`${url}/v1/me`, "GET", {});
  expect([refused.status, refused.body.code]).toEqual([503, "database_unavailable"]);

  const database = await openDatabaseAt(databasePort);
  const api = await starting;
  expect((await api.call("GET", "/health/ready")).body.database).toBe("up");
  await api.close();
  database.cut();
});

test("a request in hand is answered before the process closes, and no new one is taken", async () => {
  const api = await givenApi();
  const socket = connect(api.port, "127.0.0.1");
  const body = "{}";
  socket.write(
    `POST /v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  // Only a second answer shows that the first request has been read by the process.
  await api.call("GET", "/health/live");
  const closing = api.close();
  await expect(fetch(`${api.url}/health/live`)).rejects.toThrow();
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(body);
  await closing;
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 422 /);
});

function startProcess(settings: Record<string, string>): ChildProcess {
  const script = new URL("main.ts", import.meta.url).pathname;
  return fork(script, { execArgv: ["--conditions=source"], env: settings, cwd: import.meta.dirname, silent: true });
}

const key = (fill: number) => `1:${Buffer.alloc(32, fill).toString("base64")}`;
const settings = {
  APP_ENV: "testing",
  DATABASE_URL,
  REDIS_URL,
  LOG_LEVEL: "silent",
  TOKEN_KEYS: key(1),
  ENCRYPTION_KEYS: key(2),
  LOOKUP_KEYS: key(3),
};

test("the process tells its port, serves, and ends by itself on SIGTERM", async () => {
  const port = await freePort();
  const api = startProcess({ ...settings, PORT: String(port) });
  const [ready] = await once(api, "message");
  expect(ready).toEqual({ port });
  expect((await send(`http://127.0.0.1:${port}/health/live`, "GET", {})).status).toBe(200);
  api.kill("SIGTERM");
  expect(await once(api, "exit")).toEqual([0, null]);
});

test("wrong settings stop the process at once, all of them listed by name and none by value", async () => {
  const api = startProcess({ ...settings, PORT: "70000", REDIS_URL: "canary", TOKEN_KEYS: "canary" });
  let said = "";
  api.stderr?.on("data", (chunk) => (said += String(chunk)));
  expect(await once(api, "close")).toEqual([1, null]);
  for (const name of ["PORT", "REDIS_URL", "TOKEN_KEYS"]) expect(said).toContain(`  ${name}: `);
  expect(said).not.toContain("canary");
});
