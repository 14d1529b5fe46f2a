import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sharedScheduleSchema } from "./schedule.ts";
import { slotsAfter } from "./slots.ts";

interface Golden {
  readonly means: string;
  readonly schedule: unknown;
  /** Civil date and UTC time of each, computed by another program in another language. */
  readonly next24: readonly string[];
}

const golden = JSON.parse(
  readFileSync(new URL("golden/recurrences.json", import.meta.url), "utf8"),
) as readonly Golden[];

test.each(golden)("a reminder $means gives the golden list of its next 24 moments (A2)", ({ schedule, next24 }) => {
  const slots = slotsAfter(sharedScheduleSchema.parse(schedule), new Date("2026-12-31T00:00:00Z"), 24);

  expect(slots.map(({ key, at }) => `${key.slice(2)} ${at.toISOString().slice(11, 16)}Z`)).toEqual(next24);
  expect(slots.every(({ local }) => local.endsWith("T09:00"))).toBe(true);
});

test.each([
  ["America/Vancouver", "2026-12-15T16:00:00.000Z"],
  ["America/Edmonton", "2026-12-15T15:00:00.000Z"],
  ["Africa/Casablanca", "2026-12-15T09:00:00.000Z"],
  ["America/Inuvik", "2026-12-15T15:00:00.000Z"],
  ["America/Winnipeg", "2026-12-15T14:00:00.000Z"],
  ["America/Havana", "2026-12-15T13:00:00.000Z"],
])("in December 2026 the clocks of %s stand where the law of that year put them (A7)", (zone, at) => {
  const daily = sharedScheduleSchema.parse({ kind: "recurring", start: "2026-01-01T09:00", zone, rule: "FREQ=DAILY" });

  expect(slotsAfter(daily, new Date("2026-12-15T00:00:00Z"), 1)[0]?.at.toISOString()).toBe(at);
});
