import { expect, test } from "vitest";
import { LEAD_MS, nextRing, patternOf } from "./repeat-strategy.ts";

const dueAt = new Date("2027-03-02T09:00:00Z");
const daily = { kind: "recurring", start: "2027-03-02T09:00", zone: "Europe/London", rule: "FREQ=DAILY" } as const;
const once = patternOf({ kind: "once", at: "2027-03-02T09:00", zone: "Europe/London" }, dueAt);
const recurring = patternOf(daily, dueAt);

test("a timer rings a lead before the moment", () => {
  const now = dueAt.getTime() - 3_600_000;
  expect(nextRing(now, { pattern: once })).toBe(dueAt.getTime() - LEAD_MS);
  expect(nextRing(now, { pattern: recurring })).toBe(dueAt.getTime() - LEAD_MS);
});

test("a timer that is set within the lead rings at once", () => {
  const now = dueAt.getTime() - 10_000;
  expect(nextRing(now, { pattern: once })).toBe(now);
});

test("after a ring comes the moment after the one that it was for", () => {
  const rangAt = dueAt.getTime() - LEAD_MS;
  expect(nextRing(rangAt, { pattern: recurring, count: 1 })).toBe(dueAt.getTime() + 86_400_000 - LEAD_MS);
  expect(nextRing(rangAt, { pattern: once, count: 1 })).toBeUndefined();
});

test("a timer never rings in the past or twice at one instant", () => {
  for (let at = dueAt.getTime() - 90_000; at < dueAt.getTime() + 90_000; at += 1_777) {
    for (const count of [undefined, 1]) {
      const next = nextRing(at, { pattern: recurring, ...(count && { count }) });
      expect(next).toBeGreaterThanOrEqual(count ? at + 1 : at);
    }
  }
});

test.each([undefined, "", "{", "0 9 * * *", '{"at":"soon"}', '{"kind":"recurring","rule":"FREQ=SECONDLY"}'])(
  "a pattern that is not understood, %s, never rings and never throws",
  (pattern) => {
    expect(nextRing(Date.now(), pattern === undefined ? {} : { pattern })).toBeUndefined();
  },
);

test("a reminder that comes at another time than its schedule's rings for its one moment (C13)", () => {
  const at = new Date("2027-03-03T07:30:00Z");
  const pattern = patternOf(daily, at);
  expect(nextRing(at.getTime() - 3_600_000, { pattern })).toBe(at.getTime() - LEAD_MS);
  expect(nextRing(at.getTime(), { pattern, count: 1 })).toBeUndefined();
});
