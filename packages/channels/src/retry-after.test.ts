import { expect, test } from "vitest";
import { retryAfter } from "./retry-after.ts";

const now = Date.parse("2026-03-27T12:00:00Z");

test.each([
  ["7", "2026-03-27T12:00:07Z"],
  [" 120 ", "2026-03-27T12:02:00Z"],
  ["Fri, 27 Mar 2026 12:05:00 GMT", "2026-03-27T12:05:00Z"],
  ["Fri, 27 Mar 2026 11:00:00 GMT", "2026-03-27T12:00:00Z"],
  ["99999999999999999999", "2026-04-03T12:00:00Z"],
])("Retry-After %j is %s", (value, at) => {
  expect(retryAfter({ "retry-after": value }, now)).toEqual(new Date(at));
});

test.each([undefined, "", "soon", "-5x"])("Retry-After %j names no time", (value) => {
  expect(retryAfter({ ...(value !== undefined && { "retry-after": value }) }, now)).toBeUndefined();
});
