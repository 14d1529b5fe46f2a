import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

async function preview(schedule: object, options: object = { after: "2027-01-01T00:00:00Z" }) {
  const { status, body } = await firm.post("/v1/schedules/preview", { schedule, ...options });
  expect(status).toBe(200);
  return body.moments.map(({ at, localTime }: { at: string; localTime: string }) => `${localTime} ${at}`);
}

test.each([
  ["in winter", "2027-01-15T09:00", "2027-01-15T09:00 2027-01-15T09:00:00.000Z"],
  ["in summer", "2027-07-15T09:00", "2027-07-15T09:00 2027-07-15T08:00:00.000Z"],
])("a reminder goes out once at its local time %s (A1)", async (_season, at, expected) => {
  expect(await preview({ kind: "once", at, zone: "Europe/London" })).toEqual([expected]);
});

test("a moment that has passed is not shown (A1)", async () => {
  expect(await preview({ kind: "once", at: "2026-12-31T09:00", zone: "Europe/London" })).toEqual([]);
});

test("a preview goes on after any instant, in any offset (A2)", async () => {
  const weekly = { kind: "recurring", start: "2027-01-04T09:00", zone: "Europe/London", rule: "FREQ=WEEKLY;COUNT=3" };
  expect(await preview(weekly)).toHaveLength(3);
  expect(await preview(weekly, { after: "2027-01-11T10:00:00+01:00" })).toEqual([
    "2027-01-18T09:00 2027-01-18T09:00:00.000Z",
  ]);
});

test("a preview without an end shows as many moments as were asked for (A2)", async () => {
  const daily = { kind: "recurring", start: "2027-01-04T09:00", zone: "Europe/London", rule: "FREQ=DAILY" };
  expect(await preview(daily, { limit: 500 })).toHaveLength(500);
  expect(await preview(daily, { limit: 1 })).toHaveLength(1);
});

test("a recurrence may be given as cron, and is kept as the rule that it means (A2)", async () => {
  const schedule = { kind: "recurring", start: "2027-01-01", zone: "Europe/London", cron: "30 8 * * 1-5" };
  expect(await preview(schedule, { after: "2027-01-01T12:00:00Z", limit: 2 })).toEqual([
    "2027-01-04T08:30 2027-01-04T08:30:00.000Z",
    "2027-01-05T08:30 2027-01-05T08:30:00.000Z",
  ]);
  const id = await firm.reminder({ schedule });
  expect((await firm.get(`/v1/reminders/${id}`)).body.schedule).toEqual({
    kind: "recurring",
    start: "2027-01-01T08:30",
    zone: "Europe/London",
    rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
  });
  const refused = await firm.post("/v1/schedules/preview", { schedule: { ...schedule, cron: "*/5 * * * *" } });
  expect(refused.status).toBe(422);
  expect(refused.body.errors).toMatchObject([{ field: "schedule.cron" }]);
});
