import { testSettings } from "@reminder-app/testing/test-settings";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type GivenApi, aReminder, givenApi } from "../given-api.ts";
import { gateTo } from "../given-gate.ts";

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

  test("tells the version of the time zone data, and whether it is too old (A7)", async () => {
    const { body } = await (await started()).call("GET", "/health/ready");
    expect([body.timeZoneData, body.timeZoneDataTooOld]).toEqual([process.versions.tz, false]);
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

test("a database that falls silent in the middle is a 503 after ten seconds, and then it works again (J15, S43)", async () => {
  const gate = await gateTo(testSettings().DATABASE_URL);
  open.push(() => gate.close());
  const firm = await (await started({ DATABASE_URL: gate.url, DATABASE_POOL: "1" })).firm();
  gate.silence();
  const began = performance.now();
  const [first, waiting] = await Promise.all([firm.post("/v1/clients", { name: "Hill Ltd" }), firm.get("/v1/me")]);
  expect([first.status, first.body.code]).toEqual([503, "database_unavailable"]);
  expect(performance.now() - began).toBeGreaterThan(9_000);
  // It had no part in the silent connection, and gets one of its own.
  expect(waiting.status).toBe(200);
  expect((await firm.get("/v1/clients")).body.items).toEqual([]);
}, 60_000);
