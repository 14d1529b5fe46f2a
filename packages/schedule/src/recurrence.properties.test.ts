import { countCases } from "@reminder-app/testing/count-cases";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sharedScheduleSchema } from "./schedule.ts";
import { slotsAfter } from "./slots.ts";

const DAY_MS = 86_400_000;
/** How many days a second opinion looks at, and how many moments are compared. */
const [WINDOW, MOST] = [3000, 15];
const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** A rule, and whether it gives a day, said for each day by itself. */
interface Told {
  readonly rule: string;
  readonly matches: (at: Date, start: Date) => boolean;
}

const interval = fc.integer({ min: 1, max: 4 });
const someWeekdays = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
const someMonths = fc.subarray([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], { minLength: 1, maxLength: 5 });
const eitherEnd = (most: number) => fc.oneof(fc.integer({ min: 1, max: most }), fc.integer({ min: -most, max: -1 }));
const listOf = (most: number) => fc.uniqueArray(eitherEnd(most), { minLength: 1, maxLength: 4 });
const namesOf = (days: readonly number[]) => days.map((day) => weekdays[day]).join(",");

const utc = (year: number, month: number, day: number) => new Date(Date.UTC(year, month, day));
const yearOf = (at: Date) => at.getUTCFullYear();
const monthsOf = (at: Date) => yearOf(at) * 12 + at.getUTCMonth();
const monthLength = (at: Date) => utc(yearOf(at), at.getUTCMonth() + 1, 0).getUTCDate();
const dayCount = (at: Date) => Math.floor(at.getTime() / DAY_MS);
const yearLength = (at: Date) => dayCount(utc(yearOf(at) + 1, 0, 1)) - dayCount(utc(yearOf(at), 0, 1));
const dayOfYear = (at: Date) => dayCount(at) - dayCount(utc(yearOf(at), 0, 1)) + 1;
/** Whether the `place`-th of `length` is one of the positions, which may count from the end. */
const isOneOf = (positions: readonly number[], place: number, length: number) =>
  positions.includes(place) || positions.includes(place - length - 1);
const isNth = (nth: number, place: number, length: number) =>
  nth > 0 ? Math.ceil(place / 7) === nth : Math.ceil((length - place + 1) / 7) === -nth;

const families: Readonly<Record<string, fc.Arbitrary<Told>>> = {
  "the nth weekday of a year": fc
    .record({ n: interval, weekday: fc.integer({ min: 0, max: 6 }), nth: eitherEnd(52) })
    .map(({ n, weekday, nth }) => ({
      rule: `FREQ=YEARLY;INTERVAL=${n};BYDAY=${nth}${weekdays[weekday]}`,
      matches: (at, start) =>
        (yearOf(at) - yearOf(start)) % n === 0 &&
        at.getUTCDay() === weekday &&
        isNth(nth, dayOfYear(at), yearLength(at)),
    })),
  "the nth weekday of some months of a year": fc
    .record({ months: someMonths, weekday: fc.integer({ min: 0, max: 6 }), nth: eitherEnd(5) })
    .map(({ months, weekday, nth }) => ({
      rule: `FREQ=YEARLY;BYMONTH=${months.join(",")};BYDAY=${nth}${weekdays[weekday]}`,
      matches: (at) =>
        months.includes(at.getUTCMonth() + 1) &&
        at.getUTCDay() === weekday &&
        isNth(nth, at.getUTCDate(), monthLength(at)),
    })),
  "weekdays of a month with and without their number": fc
    .record({ chosen: someWeekdays, weekday: fc.integer({ min: 0, max: 6 }), nth: eitherEnd(5) })
    .filter(({ chosen, weekday }) => !chosen.includes(weekday))
    .map(({ chosen, weekday, nth }) => ({
      rule: `FREQ=MONTHLY;BYDAY=${namesOf(chosen)},${nth}${weekdays[weekday]}`,
      matches: (at) =>
        chosen.includes(at.getUTCDay()) || (at.getUTCDay() === weekday && isNth(nth, at.getUTCDate(), monthLength(at))),
    })),
  "weekdays and days of some months of a year": fc
    .record({ months: someMonths, days: listOf(31), chosen: fc.option(someWeekdays) })
    .map(({ months, days, chosen }) => ({
      rule: `FREQ=YEARLY;BYMONTH=${months.join(",")};BYMONTHDAY=${days.join(",")}${chosen ? `;BYDAY=${namesOf(chosen)}` : ""}`,
      matches: (at) =>
        months.includes(at.getUTCMonth() + 1) &&
        isOneOf(days, at.getUTCDate(), monthLength(at)) &&
        (chosen?.includes(at.getUTCDay()) ?? true),
    })),
  "positions among a month's weekdays": fc
    .record({ n: interval, chosen: someWeekdays, positions: listOf(6) })
    .map(({ n, chosen, positions }) => ({
      rule: `FREQ=MONTHLY;INTERVAL=${n};BYDAY=${namesOf(chosen)};BYSETPOS=${positions.join(",")}`,
      matches: (at, start) => {
        const all = Array.from({ length: monthLength(at) }, (_, day) => utc(yearOf(at), at.getUTCMonth(), day + 1));
        const set = all.filter((day) => chosen.includes(day.getUTCDay())).map((day) => day.getUTCDate());
        const place = set.indexOf(at.getUTCDate()) + 1;
        return (monthsOf(at) - monthsOf(start)) % n === 0 && place > 0 && isOneOf(positions, place, set.length);
      },
    })),
  "days of a month from either end": fc.record({ n: interval, days: listOf(31) }).map(({ n, days }) => ({
    rule: `FREQ=MONTHLY;INTERVAL=${n};BYMONTHDAY=${days.join(",")}`,
    matches: (at, start) =>
      (monthsOf(at) - monthsOf(start)) % n === 0 && isOneOf(days, at.getUTCDate(), monthLength(at)),
  })),
  "days of a year from either end": fc.record({ n: interval, days: listOf(366) }).map(({ n, days }) => ({
    rule: `FREQ=YEARLY;INTERVAL=${n};BYYEARDAY=${days.join(",")}`,
    matches: (at, start) => (yearOf(at) - yearOf(start)) % n === 0 && isOneOf(days, dayOfYear(at), yearLength(at)),
  })),
  "weeks that begin on any day": fc
    .record({ n: interval, chosen: someWeekdays, first: fc.integer({ min: 0, max: 6 }) })
    .map(({ n, chosen, first }) => ({
      rule: `FREQ=WEEKLY;INTERVAL=${n};BYDAY=${namesOf(chosen)};WKST=${weekdays[first]}`,
      // 1 January 1970 was a Thursday.
      matches: (at, start) => {
        const weekOf = (date: Date) => Math.floor((dayCount(date) + 4 - first) / 7);
        return chosen.includes(at.getUTCDay()) && (weekOf(at) - weekOf(start)) % n === 0;
      },
    })),
  "days among weekdays and months": fc
    .record({ n: interval, chosen: someWeekdays, months: someMonths })
    .map(({ n, chosen, months }) => ({
      rule: `FREQ=DAILY;INTERVAL=${n};BYDAY=${namesOf(chosen)};BYMONTH=${months.join(",")}`,
      matches: (at, start) =>
        (dayCount(at) - dayCount(start)) % n === 0 &&
        chosen.includes(at.getUTCDay()) &&
        months.includes(at.getUTCMonth() + 1),
    })),
};

const daysAway = fc.uniqueArray(fc.integer({ min: -30, max: 1500 }), { maxLength: 8 });
const ends = fc.oneof(
  fc.constant({}),
  fc.record({ count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ untilDay: fc.integer({ min: -5, max: 1500 }), isInRule: fc.boolean() }),
);
interface End {
  readonly count?: number;
  readonly untilDay?: number;
  readonly isInRule?: boolean;
}
interface Question {
  readonly told: Told;
  readonly start: Date;
  readonly end: End;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
}

function questionsOf(told: fc.Arbitrary<Told>): fc.Arbitrary<Question> {
  const start = fc.integer({ min: 12_000, max: 22_000 });
  return fc.record({ told, start, end: ends, away: daysAway, excluded: fc.nat(8), chosen: fc.nat(40) }).map((given) => {
    const begin = new Date(given.start * DAY_MS + 9 * 3_600_000);
    const listed = given.away.map((days) => dayOf(new Date(begin.getTime() + days * DAY_MS)));
    // Some of the rule's own days, else a day at random would hardly ever be one.
    const own = matched(given.told, begin)
      .slice(0, given.chosen)
      .filter((_, index) => index % 3 === 0);
    const include = listed.slice(given.excluded);
    const exclude = [...new Set([...listed.slice(0, given.excluded), ...own])].filter((day) => !include.includes(day));
    return { told: given.told, start: begin, end: given.end, exclude, include };
  });
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

function matched({ matches }: Told, start: Date): string[] {
  const days = Array.from({ length: WINDOW }, (_, index) => new Date(start.getTime() + index * DAY_MS));
  return days.filter((at) => matches(at, start)).map(dayOf);
}

/** The days of the schedule within the window; none where it should be refused. */
function expectedDays({ told, start, end, exclude, include }: Question): string[] {
  const own = matched(told, start);
  const last = end.untilDay === undefined ? "9999" : dayOf(new Date(start.getTime() + end.untilDay * DAY_MS));
  if ((own[0] ?? "") > last) return [];
  const kept = own.slice(0, end.count ?? WINDOW).filter((day) => day <= last && !exclude.includes(day));
  return [...new Set([...kept, ...include])].toSorted();
}

function scheduleOf({ told, start, end, exclude, include }: Question): unknown {
  const until = end.untilDay === undefined ? undefined : dayOf(new Date(start.getTime() + end.untilDay * DAY_MS));
  const inRule = until !== undefined && end.isInRule === true;
  return {
    kind: "recurring",
    start: start.toISOString().slice(0, 16),
    zone: "America/New_York",
    rule: inRule ? `${told.rule};UNTIL=${until.replaceAll("-", "")}` : told.rule,
    ...(until !== undefined && !inRule && { until }),
    ...(end.count !== undefined && { count: end.count }),
    exclude,
    include,
  };
}

test.for(Object.entries(families))(
  "of %s, with ends and lists of days, the moments are those that a count of days gives; where there are none it is refused (A2, A3)",
  { timeout: 120_000 },
  ([, told], { task }) => {
    let [cases, violations] = [0, 0];
    fc.assert(
      fc.property(questionsOf(told), (question) => {
        fc.pre(matched(question.told, question.start).length > 0);
        const expected = expectedDays(question);
        const parsed = sharedScheduleSchema.safeParse(scheduleOf(question));
        const slots = parsed.success ? slotsAfter(parsed.data, new Date("1990-01-01T00:00:00Z"), MOST) : [];
        const lastDay = dayOf(new Date(question.start.getTime() + (WINDOW - 1) * DAY_MS));
        const found = slots.map(({ key }) => key.slice(2)).filter((day) => day <= lastDay);

        cases += 1;
        violations += found.join() === expected.slice(0, MOST).join() ? 0 : 1;
        expect(found).toEqual(expected.slice(0, MOST));
        expect(parsed.success || expected.length === 0).toBe(true);
        expect(slots.every(({ local }) => local.endsWith("T09:00"))).toBe(true);
      }),
      { numRuns: 120, endOnFailure: true },
    );
    countCases(task, "recurrence", { cases, violations });
  },
);
