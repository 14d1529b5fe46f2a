import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@reminder-app/platform/clock";
import { expect, test } from "vitest";
import { nextTryAt } from "./next-try.ts";

const firstTriedAt = new Date("2027-03-01T12:00:00Z");
const at = (ms: number) => new Date(firstTriedAt.getTime() + ms);
const waitOf = (now: Date, rest: object) => {
  const next = nextTryAt({ now, tries: 1, firstTriedAt, ...rest }, () => 1);
  return next && next.getTime() - now.getTime();
};

test("waits double from 15 s to 2 h, with jitter (J10)", () => {
  expect([1, 2, 3, 9, 10, 11, 40].map((tries) => waitOf(firstTriedAt, { tries }))).toEqual([
    15 * SECOND_MS,
    30 * SECOND_MS,
    MINUTE_MS,
    64 * MINUTE_MS,
    2 * HOUR_MS,
    2 * HOUR_MS,
    2 * HOUR_MS,
  ]);
  const soonest = nextTryAt({ now: firstTriedAt, tries: 1, firstTriedAt }, () => 0);
  expect(soonest).toEqual(at(11_250));
});

test("the last try comes three days after the first, and none after it (S41)", () => {
  expect(nextTryAt({ now: at(3 * DAY_MS - MINUTE_MS), tries: 40, firstTriedAt })).toEqual(at(3 * DAY_MS));
  expect(nextTryAt({ now: at(3 * DAY_MS), tries: 41, firstTriedAt })).toBeUndefined();
});

test("what the receiver asks for is kept from 5 s to 6 h, and not past the three days (J10)", () => {
  const wait = (ms: number, now = firstTriedAt) => waitOf(now, { retryAt: new Date(now.getTime() + ms) });
  expect([wait(10 * MINUTE_MS), wait(0), wait(-DAY_MS), wait(7 * DAY_MS)]).toEqual([
    10 * MINUTE_MS,
    5 * SECOND_MS,
    5 * SECOND_MS,
    6 * HOUR_MS,
  ]);
  expect(wait(7 * DAY_MS, at(3 * DAY_MS - HOUR_MS))).toBe(HOUR_MS);
});
