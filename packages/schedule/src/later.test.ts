import { expect, test } from "vitest";
import { laterBy } from "./later.ts";

test.each([
  ["2027-03-27T09:00:00Z", { days: 1 }, "2027-03-28T08:00:00Z"],
  ["2027-10-30T08:00:00Z", { days: 1 }, "2027-10-31T09:00:00Z"],
  ["2027-03-27T09:00:00Z", { hours: 24 }, "2027-03-28T09:00:00Z"],
  ["2027-01-31T09:00:30Z", { months: 1 }, "2027-02-28T09:00:30Z"],
  ["2027-01-31T09:00:00Z", { months: 13, days: 1 }, "2028-03-01T09:00:00Z"],
  ["2027-01-31T09:00:00Z", { minutes: 90 }, "2027-01-31T10:30:00Z"],
  ["2027-12-15T09:00:00Z", { months: 6, hours: 1 }, "2028-06-15T09:00:00Z"],
] as const)("from %s on, %o in London is %s (J12)", (at, span, expected) => {
  expect(laterBy(new Date(at), span, "Europe/London")).toEqual(new Date(expected));
});

test("a day on from a time that the clocks then skip leads to the end of the gap (J12)", () => {
  expect(laterBy(new Date("2027-03-27T01:30:00Z"), { days: 1 }, "Europe/London")).toEqual(
    new Date("2027-03-28T01:00:00Z"),
  );
});
