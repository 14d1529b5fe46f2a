import { expect, test } from "vitest";
import { instantOf, isZone, tzdataVersion, wallTimeIn, zoneSchema } from "./zones.ts";

test.each([
  "Europe/London",
  "Asia/Kolkata",
  "Asia/Calcutta",
  "US/Eastern",
  "Etc/GMT+5",
  "UTC",
  "America/Argentina/Buenos_Aires",
])("%s is a zone", (name) => expect(isZone(name)).toBe(true));

test.each([
  "",
  "+02:00",
  "europe/london",
  "utc",
  "Europe/Lodnon",
  "Europe/",
  " Europe/London",
  "../etc",
  "x".repeat(1000),
])("%j is no zone", (name) => expect(isZone(name)).toBe(false));

test.each([
  ["europe/london", "Europe/London"],
  ["Europe/Lodnon", "Europe/London"],
  ["New York", "America/New_York"],
])("the fault of %s names %s", (name, meant) => {
  expect(zoneSchema.safeParse(name).error?.issues[0]?.message).toContain(`did you mean ${meant}?`);
});

test("local time and instant lead to each other, with the offset of the date", () => {
  expect(instantOf("2027-07-01T09:00", "Europe/Madrid")).toEqual(new Date("2027-07-01T07:00:00Z"));
  expect(instantOf("2027-01-01T09:00:30", "Europe/Madrid")).toEqual(new Date("2027-01-01T08:00:30Z"));
  expect(wallTimeIn("Europe/Madrid", new Date("2027-07-01T07:00:00.999Z"))).toBe("2027-07-01T09:00");
  expect(wallTimeIn("Asia/Kathmandu", new Date("2027-07-01T07:00:05Z"))).toBe("2027-07-01T12:45:05");
});

test.each([
  ["the first skipped minute", "2027-03-28T01:00", "Europe/London", "2027-03-28T01:00:00.000Z"],
  ["the last skipped second", "2027-03-28T01:59:59", "Europe/London", "2027-03-28T01:00:00.000Z"],
  ["a gap of half an hour", "2027-10-03T02:10", "Australia/Lord_Howe", "2027-10-02T15:30:00.000Z"],
  ["a skipped midnight", "2027-03-28T00:00", "Asia/Beirut", "2027-03-27T22:00:00.000Z"],
])("%s goes to the first instant after the gap (A6)", (_, local, zone, at) => {
  expect(instantOf(local, zone).toISOString()).toBe(at);
});

test("the tz database has a version", () => {
  expect(tzdataVersion()).toMatch(/^\d{4}[a-z]$/);
});
