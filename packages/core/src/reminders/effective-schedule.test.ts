import type { Schedule } from "@reminder-app/schedule/schedule";
import { sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import { slotsAfter } from "@reminder-app/schedule/slots";
import { expect, test } from "vitest";
import { effectiveSchedule } from "./effective-schedule.ts";

const daily = { holidayCalendar: null, dailyMessageAt: "10:30" };
const start = "2027-03-01T09:00";
const zone = "Europe/London";
const from = new Date("2027-03-01T00:00:00Z");

function moments(schedule: Exclude<Schedule, { kind: "sequence" }>, type: "deadline" | "appointment" = "deadline") {
  return slotsAfter(effectiveSchedule({ schedule, type }, daily), from, 4).map(({ key, local }) => [key, local]);
}

test("a single moment comes at the time of the daily message, an appointment's at its own (C13)", () => {
  const once = { kind: "once", at: "2027-03-02T17:00", zone } as const;
  expect(moments(once)).toEqual([["O", "2027-03-02T10:30"]]);
  expect(moments(once, "appointment")).toEqual([["O", "2027-03-02T17:00"]]);
});

test("so do all days of a rule, whatever times it, its end and its included days have (C13)", () => {
  const recurring = {
    kind: "recurring",
    start,
    zone,
    rule: "FREQ=DAILY;BYHOUR=15;BYMINUTE=45",
    until: "2027-03-03T16:00",
    exclude: ["2027-03-02"],
    include: ["2027-03-05T23:00"],
  } as const;
  expect(moments(recurring as never)).toEqual([
    ["S:2027-03-01", "2027-03-01T10:30"],
    ["S:2027-03-03", "2027-03-03T10:30"],
    ["S:2027-03-05", "2027-03-05T10:30"],
  ]);
});

test("a day whose own time is past and whose daily message is not is still to come (C13)", () => {
  const schedule = { kind: "recurring", start, zone, rule: "FREQ=DAILY", count: 2 } as const;
  const [next] = slotsAfter(
    effectiveSchedule({ schedule, type: "custom" }, daily),
    new Date("2027-03-01T09:30:00Z"),
    1,
  );
  expect(next?.local).toBe("2027-03-01T10:30");
});

test("so do the steps of a sequence, and where one client's step has another time (C13)", () => {
  const schedule = {
    kind: "sequence",
    zone,
    late: "skip",
    steps: [
      { id: "t-1", days: -1, count: "days", time: "08:00", ifClosed: "send" },
      { id: "t+1", days: 1, count: "days", time: "16:00", ifClosed: "send" },
    ],
  } as const;
  const given = { dueOn: "2027-03-10", overrides: { "t+1": { time: "22:00" } } };
  const locals = [
    ...sequenceMoments(effectiveSchedule({ schedule: schedule as never, type: "payment" }, daily), given),
  ];
  expect(locals.map(({ local }) => local)).toEqual(["2027-03-09T10:30", "2027-03-11T10:30"]);
});
