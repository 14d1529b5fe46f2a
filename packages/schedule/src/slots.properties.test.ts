import { countCases } from "@reminder-app/testing/count-cases";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sharedScheduleSchema, type SharedSchedule } from "./schedule.ts";
import { nextSlot, slotsAfter, slotsBetween } from "./slots.ts";

const DAY_MS = 86_400_000;
const weekdays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const zones = [
  "America/New_York",
  "Europe/London",
  "Australia/Lord_Howe",
  "Asia/Beirut",
  "America/Santiago",
  "Africa/Casablanca",
  "UTC",
];

/** A rule, and a second opinion: whether it gives the day `at`, said day by day without any library. */
interface Told {
  readonly rule: string;
  readonly matches: (at: Date, start: Date) => boolean;
}

const interval = fc.integer({ min: 1, max: 5 });
const daysOfWeek = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
const weekOf = (at: Date) => Math.floor((at.getTime() / DAY_MS + 3) / 7);
const monthOf = (at: Date) => at.getUTCFullYear() * 12 + at.getUTCMonth();
const lengthOfMonth = (at: Date) => new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
const isClamped = (at: Date, day: number) => at.getUTCDate() === Math.min(day, lengthOfMonth(at));

const daily: fc.Arbitrary<Told> = interval.map((n) => ({
  rule: `FREQ=DAILY;INTERVAL=${n}`,
  matches: (at, start) => Math.round((at.getTime() - start.getTime()) / DAY_MS) % n === 0,
}));
const weekly: fc.Arbitrary<Told> = fc.tuple(interval, daysOfWeek).map(([n, days]) => ({
  rule: `FREQ=WEEKLY;INTERVAL=${n};BYDAY=${days.map((day) => weekdays[day]).join(",")}`,
  matches: (at, start) => days.includes(at.getUTCDay()) && (weekOf(at) - weekOf(start)) % n === 0,
}));
const monthly: fc.Arbitrary<Told> = interval.map((n) => ({
  rule: `FREQ=MONTHLY;INTERVAL=${n}`,
  matches: (at, start) => isClamped(at, start.getUTCDate()) && (monthOf(at) - monthOf(start)) % n === 0,
}));
const lastWeekday: fc.Arbitrary<Told> = fc.integer({ min: 0, max: 6 }).map((day) => ({
  rule: `FREQ=MONTHLY;BYDAY=-1${weekdays[day]}`,
  matches: (at) => at.getUTCDay() === day && at.getUTCDate() > lengthOfMonth(at) - 7,
}));
const yearly: fc.Arbitrary<Told> = fc
  .tuple(interval, fc.subarray([1, 2, 3, 6, 12], { minLength: 1 }))
  .map(([n, months]) => ({
    rule: `FREQ=YEARLY;INTERVAL=${n};BYMONTH=${months.join(",")}`,
    matches: (at, start) =>
      months.includes(at.getUTCMonth() + 1) &&
      isClamped(at, start.getUTCDate()) &&
      (at.getUTCFullYear() - start.getUTCFullYear()) % n === 0,
  }));

const told = fc.oneof(daily, weekly, monthly, lastWeekday, yearly);
const starts = fc
  .date({ min: new Date("2009-01-01T00:00:00Z"), max: new Date("2030-12-31T23:59:00Z"), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 60_000) * 60_000));
const instants = fc.date({
  min: new Date("2008-01-01T00:00:00Z"),
  max: new Date("2036-01-01T00:00:00Z"),
  noInvalidDate: true,
});
const counts = fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined });

const questions = fc.record({ told, start: starts, zone: fc.constantFrom(...zones), count: counts, after: instants });

function scheduleOf(question: { told: Told; start: Date; zone: string; count: number | undefined }): SharedSchedule {
  const { told: asked, start, zone, count } = question;
  const fields = { kind: "recurring", start: start.toISOString().slice(0, 16), zone, rule: asked.rule };
  return sharedScheduleSchema.parse(count === undefined ? fields : { ...fields, count });
}

test("slots come in strictly increasing order, one a day, none at or before the moment asked about", () => {
  fc.assert(
    fc.property(questions, (question) => {
      const slots = slotsAfter(scheduleOf(question), question.after, 20);
      const times = [question.after.getTime(), ...slots.map(({ at }) => at.getTime())];

      expect(times.every((time, index) => index === 0 || time > times[index - 1]!)).toBe(true);
      expect(new Set(slots.map(({ key }) => key)).size).toBe(slots.length);
    }),
  );
});

test("asking for one slot after another gives the same as asking for many, or for a span", () => {
  fc.assert(
    fc.property(questions, (question) => {
      const schedule = scheduleOf(question);
      const many = slotsAfter(schedule, question.after, 12);
      const chained = many.map((_, index) => nextSlot(schedule, index === 0 ? question.after : many[index - 1]!.at));

      expect(chained).toEqual(many);
      expect(slotsBetween(schedule, question.after, many.at(-1)?.at ?? question.after, 100)).toEqual(many);
      for (const slot of many) expect(nextSlot(schedule, new Date(slot.at.getTime() - 1))).toEqual(slot);
    }),
  );
});

test("the days are those that a count of days on the calendar gives (A2)", ({ task }) => {
  let [cases, violations] = [0, 0];
  fc.assert(
    fc.property(questions, (question) => {
      const { told: asked, start, count = 15 } = question;
      const limit = Math.min(count, 15);
      const expected: string[] = [];
      for (let day = start; expected.length < limit; day = new Date(day.getTime() + DAY_MS)) {
        if (asked.matches(day, start)) expected.push(`S:${day.toISOString().slice(0, 10)}`);
      }

      const slots = slotsAfter(scheduleOf(question), new Date("2000-01-01T00:00:00Z"), limit);
      const found = slots.map(({ key }) => key);
      cases += 1;
      violations += found.join() === expected.join() ? 0 : 1;
      expect(found).toEqual(expected);
    }),
    { endOnFailure: true },
  );
  countCases(task, "recurrence", { cases, violations });
});

test("the schema takes or refuses any text as a rule, and what it takes can be expanded", () => {
  const part = fc.oneof(
    fc.constantFrom(
      "FREQ=DAILY",
      "FREQ=MONTHLY",
      "FREQ=YEARLY",
      "FREQ=WEEKLY",
      "COUNT=3",
      "BYSETPOS=-1",
      "WKST=SU",
      "BYYEARDAY=60,-1",
    ),
    fc.constantFrom(
      "BYDAY=MO,FR",
      "BYDAY=-1FR,2TU",
      "BYMONTH=2,3",
      "BYMONTHDAY=29,-1",
      "INTERVAL=4",
      "BYHOUR=2",
      "UNTIL=20300101",
    ),
    fc.string({ maxLength: 12 }),
  );
  const rules = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(";"));
  fc.assert(
    fc.property(rules, starts, fc.constantFrom(...zones), instants, (rule, start, zone, after) => {
      const parsed = sharedScheduleSchema.safeParse({
        kind: "recurring",
        start: start.toISOString().slice(0, 16),
        zone,
        rule,
      });
      const slots = parsed.success ? slotsAfter(parsed.data, after, 5) : [];
      expect(slots.every(({ at }) => at > after)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
