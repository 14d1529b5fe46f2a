import { expect, test } from "vitest";
import { oddTime } from "./odd-times.ts";

test.each([
  ["2027-03-28T00:59", undefined],
  ["2027-03-28T01:00", "skipped"],
  ["2027-03-28T01:59", "skipped"],
  ["2027-03-28T02:00", undefined],
  ["2027-10-31T00:59", undefined],
  ["2027-10-31T01:00", "repeated"],
  ["2027-10-31T01:59:59", "repeated"],
  ["2027-10-31T02:00", undefined],
])("the clocks of London and the time %s: %s (A6)", (local, expected) => {
  expect(oddTime(local, "Europe/London")).toBe(expected);
  expect(oddTime(local, "UTC")).toBeUndefined();
});
