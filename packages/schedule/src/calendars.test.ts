import { readFileSync } from "node:fs";
import { countCases } from "@reminder-app/testing/count-cases";
import { expect, test } from "vitest";
import { calendarSchema, isHoliday, isWeekend } from "./calendars.ts";
import { DAY_MS, dayOfWall, parseWall } from "./wall-clock.ts";

/** Weekdays on which offices are closed, a line a year, as governments have published them. */
const published = JSON.parse(readFileSync(new URL("golden/holidays.json", import.meta.url), "utf8")) as Readonly<
  Record<string, readonly string[]>
>;

test.each(Object.entries(published))(
  "the weekdays on which %s is closed are those that were published, and no others (A9)",
  (calendar, lines) => {
    for (const line of lines) expect(closedWeekdays(calendar, Number(line.slice(0, 4))).join(" ")).toBe(line);
  },
);

test("day by day, calendars and published tables agree (A9)", ({ task }) => {
  let [cases, violations] = [0, 0];
  for (const [calendar, lines] of Object.entries(published)) {
    const closed = new Set(lines.flatMap((line) => line.split(" ")));
    for (const year of new Set(lines.map((line) => Number(line.slice(0, 4)))))
      for (const day of weekdaysOf(year)) {
        cases += 1;
        if (isHoliday(calendar, day) !== closed.has(dayOfWall(day))) violations += 1;
      }
  }
  countCases(task, "holidays", { cases, violations });
  expect(violations).toBe(0);
});

test("all days of a long holiday are closed, also in the next year, and a half holiday is open (A9)", () => {
  const closed = (calendar: string, day: string) => isHoliday(calendar, parseWall(day));
  expect(["2027-03-09", "2027-03-10", "2027-03-11"].every((day) => closed("AE", day))).toBe(true);
  expect(closed("SZ", "2028-01-02")).toBe(true);
  expect(closed("DE-BY", "2026-12-24")).toBe(false);
});

test("a weekend is what the country has (A9)", () => {
  const weekend = (calendar: string | undefined) =>
    Array.from({ length: 7 }, (_, day) => parseWall("2027-06-14") + day * DAY_MS)
      .filter((day) => isWeekend(calendar, day))
      .map((day) => new Date(day).toUTCString().slice(0, 3));
  expect([weekend(undefined), weekend("GB-SCT"), weekend("IL"), weekend("AE")]).toEqual([
    ["Sat", "Sun"],
    ["Sat", "Sun"],
    ["Fri", "Sat"],
    ["Sat", "Sun"],
  ]);
});

test("a year that a calendar does not know has no holidays (A9)", () => {
  expect(isHoliday("IR", parseWall("9899-03-21"))).toBe(false);
});

test("a calendar is a country and its parts, and a wrong part is told with the right ones (A9)", () => {
  for (const name of ["GB", "GB-ENG", "US-DC", "DE-BY-A"]) expect(calendarSchema.safeParse(name).success).toBe(true);
  const fault = (name: string) => calendarSchema.safeParse(name).error?.issues[0]?.message;
  expect(fault("DE-BY-ZZ")).toContain("DE-BY-A");
  for (const name of ["", "gb", "XX", "GB-", "toString", "GB-ENG-X-Y"]) expect(fault(name)).toBeDefined();
});

function closedWeekdays(calendar: string, year: number): string[] {
  return weekdaysOf(year)
    .filter((day) => isHoliday(calendar, day))
    .map((day) => dayOfWall(day));
}

function weekdaysOf(year: number): number[] {
  const days = Array.from({ length: 366 }, (_, index) => Date.UTC(year, 0, 1) + index * DAY_MS);
  return days.filter((day) => new Date(day).getUTCFullYear() === year && new Date(day).getUTCDay() % 6 !== 0);
}
