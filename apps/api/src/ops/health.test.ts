import { type Server, type Socket, connect, createServer } from "node:net";
import { testSettings } from "@reminder-app/testing/test-settings";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type GivenApi, aReminder, givenApi } from "../given-api.ts";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function started(changes: Record<string, string> = {}): Promise<GivenApi> {
  const api = await givenApi(changes);
  open.push(() => api.close());
  return api;
}

describe("health", () => {
  test("says that the process lives and can store (J15)", async () => {
    const api = await started();
    expect((await api.call("GET", "/health/live")).body).toEqual({ status: "live" });
    const ready = await vi.waitFor(async () => {
      const answer = await api.call("GET", "/health/ready");
      expect(answer.body.status).toBe("ready");
      return answer;
    });
    expect([ready.status, ready.body.database, ready.body.redis]).toEqual([200, "up", "up"]);
    expect(ready.body.timeZoneData).toMatch(/^\d{4}[a-z]$/);
  });

  test("is only degraded while Redis is away (J15)", async () => {
    const api = await started({ REDIS_URL: "redis://127.0.0.1:1" });
    const { status, body } = await api.call("GET", "/health/ready");
    expect([status, body.status, body.redis]).toEqual([200, "degraded", "away"]);
  });
});

test("while Redis is away a reminder is stored, changed, sent and stopped all the same (J15)", async () => {
  const firm = await (await started({ REDIS_URL: "redis://127.0.0.1:1" })).firm();
  const clientId = await firm.client();
  const made = await firm.post("/v1/reminders", aReminder({ assignments: [{ clientId }] }));
  expect([made.status, made.body.status]).toEqual([201, "active"]);
  const path = `/v1/reminders/${made.body.id}`;
  expect((await firm.patch(path, { name: "VAT" })).status).toBe(200);
  expect((await firm.post(`${path}/send`, {})).status).toBe(202);
  const stopped = await firm.post(`${path}/cancel`);
  expect([stopped.status, stopped.body.cancelled]).toEqual([200, 1]);
});

test("while the database is away every request gets a 503 that says when to come again, and then it works (J15)", async () => {
  const gate = await gateTo(testSettings().DATABASE_URL);
  open.push(() => gate.close());
  const api = await started({ DATABASE_URL: gate.url });
  const firm = await api.firm();

  gate.shut();
  const answers = [
    await firm.get("/v1/reminders"),
    await firm.post("/v1/reminders", aReminder(), { "idempotency-key": "while-away" }),
    await api.call("POST", "/v1/auth/login", { body: { email: firm.email, password: "whatever it is" } }),
  ];
  for (const { status, headers, body } of answers) {
    expect([status, body.code]).toEqual([503, "database_unavailable"]);
    expect(headers.get("retry-after")).toMatch(/^\d+$/);
  }
  expect((await api.call("GET", "/health/live")).status).toBe(200);
  const ready = await api.call("GET", "/health/ready");
  expect([ready.status, ready.body.database]).toEqual([503, "away"]);

  gate.reopen();
  const again = await firm.post("/v1/reminders", aReminder(), { "idempotency-key": "while-away" });
  expect(again.status).toBe(201);
});

test("a database that takes connections and stays silent counts as away, and holds up no closing (J15)", async () => {
  const gate = await gateTo(testSettings().DATABASE_URL);
  open.push(() => gate.close());
  const api = await started({ DATABASE_URL: gate.url });
  gate.silence();
  const { status, body } = await api.call("GET", "/health/ready");
  expect([status, body.database]).toEqual([503, "away"]);
});

/** A way to the database that can be shut: connections break, and new ones are refused. Or made silent: they stay, and nothing comes. */
async function gateTo(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isShut = false;
  const server: Server = createServer((near) => {
    if (isShut) return void near.destroy();
    const far = connect(Number(target.port || 3306), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${address && typeof address === "object" ? address.port : 0}`;
  return {
    url: url.href,
    shut() {
      isShut = true;
      for (const socket of sockets) socket.destroy();
    },
    silence() {
      for (const socket of sockets) socket.unpipe();
    },
    reopen() {
      isShut = false;
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
