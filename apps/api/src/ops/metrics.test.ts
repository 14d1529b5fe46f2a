import { afterAll, beforeAll, expect, test } from "vitest";
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

test.each([
  ["nobody", {}],
  ["a wrong password", basic("ops", "guessed")],
  ["another user", basic("root", "a-test-password")],
])("metrics are closed to %s (S27)", async (_who, headers) => {
  const answer = await api.call("GET", "/metrics", { headers });
  expect([answer.status, answer.body.code]).toEqual([401, "unauthenticated"]);
  expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm="ops"/);
});

test("metrics are not there without a password in the configuration (S27)", async () => {
  const without = await givenApi({ OPS_PASSWORD: "", OPS_TOTP_SECRET: "" });
  const { status } = await without.call("GET", "/metrics", { headers: ops });
  await without.close();
  expect(status).toBe(404);
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
