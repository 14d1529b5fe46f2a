import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { givenEvictingRedis } from "@reminder-app/testing/given-redis";
import { testSettings } from "@reminder-app/testing/test-settings";
import { withZoneData } from "@reminder-app/testing/zone-data";
import { freePort } from "@reminder-app/testing/free-port";
import { expect, test } from "vitest";
import { givenApi } from "./given-api.ts";
import { send } from "./given-call.ts";
import { productionSettings } from "./given-exchange.ts";
import { databaseUrlAt, openDatabaseAt } from "./given-wire.ts";

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

function startProcess(settings: Record<string, string>, options: readonly string[] = []): ChildProcess {
  const script = new URL("main.ts", import.meta.url).pathname;
  const execArgv = ["--conditions=source", ...options];
  return fork(script, { execArgv, env: settings, cwd: import.meta.dirname, silent: true });
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

/** What a process says that does not start. */
async function complaint(
  changed: Record<string, string>,
  options: readonly string[] = [],
): Promise<{ said: string; ended: unknown }> {
  const api = startProcess({ ...settings, ...changed }, options);
  let said = "";
  api.stderr?.on("data", (chunk) => (said += String(chunk)));
  return { ended: await once(api, "close"), said };
}

const inProduction = () => ({ ...productionSettings(), WHATSAPP_PHONE_NUMBER_ID: "100000000000001" });

test("production does not start with a Redis that drops keys (S63)", async () => {
  const evicting = await givenEvictingRedis();
  const { ended, said } = await complaint({ ...inProduction(), REDIS_URL: evicting.url });
  evicting.close();
  expect(ended).toEqual([1, null]);
  expect(said).toContain("REDIS_URL: must be a Redis with maxmemory-policy noeviction");
  expect(said).not.toContain(new URL(evicting.url).host);
});

test("production does not start with a switch that is for tests (S63)", async () => {
  const { ended, said } = await complaint({ ...inProduction(), ABUSE_LIMITS: "0", CORS_ORIGINS: "*" });
  expect(ended).toEqual([1, null]);
  expect(said).toContain("  ABUSE_LIMITS: must be 1 in production");
  expect(said).toContain("  CORS_ORIGINS: must be exact origins");
});

test("production starts with settings that are whole (S63)", async () => {
  const port = await freePort();
  const api = startProcess({ ...settings, ...inProduction(), PORT: String(port) });
  expect(await once(api, "message")).toEqual([{ port }, undefined]);
  expect((await send(`http://127.0.0.1:${port}/health/live`, "GET", {})).status).toBe(200);
  api.kill("SIGTERM");
  expect(await once(api, "exit")).toEqual([0, null]);
});

test("wrong settings stop the process at once, all of them listed by name and none by value", async () => {
  const { ended, said } = await complaint({ PORT: "70000", REDIS_URL: "canary", TOKEN_KEYS: "canary" });
  expect(ended).toEqual([1, null]);
  for (const name of ["PORT", "REDIS_URL", "TOKEN_KEYS"]) expect(said).toContain(`  ${name}: `);
  expect(said).not.toContain("canary");
});

test("with time zone data that is too old production does not start; elsewhere it does, and says so (A7)", async () => {
  const { ended, said } = await complaint(inProduction(), withZoneData("2025b"));
  expect(ended).toEqual([1, null]);
  expect(said).toContain("the time zone data is of version 2025b, and local times are right from");

  const port = await freePort();
  const api = startProcess({ ...settings, LOG_LEVEL: "warn", PORT: String(port) }, withZoneData("2025b"));
  let logged = "";
  api.stdout?.on("data", (chunk) => (logged += String(chunk)));
  await once(api, "message");
  const { body } = await send(`http://127.0.0.1:${port}/health/ready`, "GET", {});
  expect(body).toMatchObject({ timeZoneData: "2025b", timeZoneDataTooOld: true });
  api.kill("SIGTERM");
  await once(api, "exit");
  expect(logged).toContain("local times may be wrong");
});
