import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});
const ops = basic("ops", "a-test-password");

describe("the ops board", () => {
  test.each([
    ["nobody", {}],
    ["a wrong password", basic("ops", "guessed")],
    ["another user", basic("root", "a-test-password")],
  ])("is closed to %s, its data and assets too (J14, S27)", async (_who, headers) => {
    for (const path of ["/ops/queues", "/ops/queues/api/queues", "/ops/queues/static/js/main.js", "/metrics"]) {
      const answer = await api.call("GET", path, { headers });
      expect([answer.status, answer.body.code]).toEqual([401, "unauthenticated"]);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm="ops"/);
    }
  });

  test("is closed to a firm's members (S23)", async () => {
    const { token } = await api.firm();
    expect((await api.call("GET", "/ops/queues/api/queues", { token })).status).toBe(401);
  });

  test("shows every queue to ops, and is read-only (J14, S27)", async () => {
    const page = await api.call("GET", "/ops/queues", { headers: ops });
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    const { body } = await api.call("GET", "/ops/queues/api/queues", { headers: ops });
    expect(body.queues.map(({ name }: { name: string }) => name).toSorted()).toEqual([
      "account-mail",
      "deliver-email",
      "deliver-sms",
      "deliver-whatsapp",
      "events",
      "reminders",
    ]);
    expect(body.queues.every(({ readOnlyMode }: { readOnlyMode: boolean }) => readOnlyMode)).toBe(true);
    const pause = await api.call("PUT", "/ops/queues/api/queues/events/pause", { headers: ops });
    expect(pause.status).toBeGreaterThanOrEqual(400);
  });

  test("runs no script that it does not bring itself (S60)", async () => {
    const { text, headers } = await api.call("GET", "/ops/queues", { headers: ops });
    expect(headers.get("content-security-policy")).toMatch(/script-src 'self';/);
    const scripts = [...text.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes ?? "");
    for (const attributes of scripts) expect(attributes).toMatch(/src="(?!https?:)|type="application\/json"/);
  });

  test("is not there without a password in the configuration (S27)", async () => {
    const without = await givenApi({ OPS_PASSWORD: "", OPS_TOTP_SECRET: "" });
    const answers = await Promise.all(
      ["/ops/queues", "/metrics"].map((path) => without.call("GET", path, { headers: ops })),
    );
    await without.close();
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });
});

test("metrics tell depths, attempts, the event loop's delay and the oldest that is due and unsent (J15)", async () => {
  const firm = await api.firm();
  const id = await firm.reminder({ assignments: [{ clientId: await firm.client() }] });
  await firm.post(`/v1/reminders/${id}/send`, {});
  const { status, text } = await api.call("GET", "/metrics", { headers: ops });
  expect(status).toBe(200);
  expect(text).toMatch(/^reminders_queue_jobs\{queue="reminders",state="delayed"\} [1-9]/m);
  expect(text).toMatch(/^reminders_queue_jobs\{queue="deliver-email",state="\w+"\} [1-9]/m);
  expect(text).toMatch(/^# HELP reminders_attempts_last_hour /m);
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  const [, age] = /^reminders_oldest_due_unsent_seconds (\S+)$/m.exec(text) ?? [];
  expect(Number(age)).toBeGreaterThan(0);
  expect(text).toMatch(/^reminders_redis_up 1$/m);
});
