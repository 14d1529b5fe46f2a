import { expect, test } from "vitest";
import { quietHoursSchema } from "./quiet-hours.ts";
import { nextOpening } from "./sending-hours.ts";

const night = { start: "20:00", end: "08:00" };

function openingOf(at: string, quietHours = night, zone = "America/New_York"): string | undefined {
  return nextOpening({ quietHours }, zone, new Date(at))?.toISOString();
}

test.each([
  ["by day it is open", "2027-06-01T16:00:00.000Z", "2027-06-01T16:00:00.000Z"],
  ["at the end it is open", "2027-06-01T12:00:00.000Z", "2027-06-01T12:00:00.000Z"],
  ["at the start it is closed until the next morning", "2027-06-02T00:00:00.000Z", "2027-06-02T12:00:00.000Z"],
  ["after midnight it is closed until that morning", "2027-06-01T05:00:00.000Z", "2027-06-01T12:00:00.000Z"],
  ["the morning comes with the new offset", "2027-03-14T02:00:00.000Z", "2027-03-14T12:00:00.000Z"],
])("%s", (_, at, opening) => {
  expect(openingOf(at)).toBe(opening);
});

test("quiet hours within a day close that part only, and those that end at midnight end there", () => {
  expect(openingOf("2027-06-01T17:30:00.000Z", { start: "13:00", end: "14:00" })).toBe("2027-06-01T18:00:00.000Z");
  expect(openingOf("2027-06-01T16:30:00.000Z", { start: "13:00", end: "14:00" })).toBe("2027-06-01T16:30:00.000Z");
  expect(openingOf("2027-06-02T01:00:00.000Z", { start: "20:00", end: "00:00" })).toBe("2027-06-02T04:00:00.000Z");
});

test("an end that the clocks skip is the first instant after the gap (A6)", () => {
  expect(openingOf("2027-03-14T06:30:00.000Z", { start: "22:00", end: "02:30" })).toBe("2027-03-14T07:00:00.000Z");
});

test("an end that comes twice is never before the moment that is held (A6)", () => {
  const untilHalfPastOne = { start: "22:00", end: "01:30" };

  expect(openingOf("2027-11-07T05:10:00.000Z", untilHalfPastOne)).toBe("2027-11-07T05:30:00.000Z");
  expect(openingOf("2027-11-07T06:10:00.000Z", untilHalfPastOne)).toBe("2027-11-07T06:30:00.000Z");
});

test("quiet hours are two different times of day", () => {
  expect(quietHoursSchema.safeParse(night).success).toBe(true);
  expect(quietHoursSchema.safeParse({ start: "08:00", end: "08:00" }).error?.issues[0]?.path).toEqual(["end"]);
  expect(quietHoursSchema.safeParse({ start: "24:00", end: "08:00" }).error?.issues[0]?.path).toEqual(["start"]);
  expect(quietHoursSchema.safeParse({ ...night, days: [] }).success).toBe(false);
});
