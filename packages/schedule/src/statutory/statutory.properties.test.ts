import { countCases } from "@reminder-app/testing/count-cases";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ClientFacts } from "../client-facts.ts";
import { nextDueDate } from "../due-dates.ts";
import { type StatutoryRuleName, statutoryRuleNames, statutoryRules } from "./rules.ts";

/** A second opinion, of whole numbers only: days are counted from 1970, and each is asked by itself whether something is due. */
const [FIRST, LAST] = [daysTo(2022, 1, 1), daysTo(2030, 12, 31)];

function daysTo(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / 86_400_000;
}

interface Day {
  readonly count: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly isMonthEnd: boolean;
}

const known = new Map<number, Day>();

function dayOf(count: number): Day {
  const found = known.get(count);
  if (found) return found;
  const at = new Date(count * 86_400_000);
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const made = { count, year, month, day, isMonthEnd: daysTo(year, month + 1, 1) === count + 1 };
  known.set(count, made);
  return made;
}

function textOf(count: number): string {
  return new Date(count * 86_400_000).toISOString().slice(0, 10);
}

/** Monday is 1, Sunday 7. */
function weekdayOf(count: number): number {
  return ((count + 3) % 7) + 1;
}

function weekdayFrom(first: number, weekday: number): number {
  return first + ((weekday - weekdayOf(first) + 7) % 7);
}

/** Washington's legal holidays by the words of DC Code 28-2701: of a Saturday's the day before is one, of a Sunday's the day after. */
function legalHolidays(year: number): readonly number[] {
  const moving: readonly (readonly [month: number, from: number, weekday: number])[] = [
    [1, 15, 1],
    [2, 15, 1],
    [5, 25, 1],
    [9, 1, 1],
    [10, 8, 1],
    [11, 22, 4],
  ];
  const fixed = [daysTo(year, 1, 1), daysTo(year + 1, 1, 1), daysTo(year, 4, 16), daysTo(year, 6, 19)];
  const observed = [...fixed, daysTo(year, 7, 4), daysTo(year, 11, 11), daysTo(year, 12, 25)].map(
    (day) => day + (weekdayOf(day) === 6 ? -1 : weekdayOf(day) === 7 ? 1 : 0),
  );
  return [...moving.map(([month, from, weekday]) => weekdayFrom(daysTo(year, month, from), weekday)), ...observed];
}

const holidays = new Set(Array.from({ length: 12 }, (_, year) => legalHolidays(2020 + year)).flat());
const isOpen = (count: number) => weekdayOf(count) < 6 && !holidays.has(count);

/** Whether the day is open, and is the date meant or comes after it with only closed days between. */
function isMovedTo({ count }: Day, isDate: (meant: Day) => boolean): boolean {
  if (!isOpen(count)) return false;
  let meant = count;
  do {
    if (isDate(dayOf(meant))) return true;
    meant -= 1;
  } while (!isOpen(meant));
  return false;
}

function endsYear({ month, day, isMonthEnd }: Day, { yearEnd = "12-31" }: ClientFacts): boolean {
  const [endMonth, endDay] = yearEnd.split("-").map(Number);
  return month === endMonth && (month === 2 && Number(endDay) >= 28 ? isMonthEnd : day === endDay);
}

/** Whether a year ends so many months before the day, on its own number, or on a month's last day if the day is one too. */
function followsYearEnd(date: Day, facts: ClientFacts, months: number): boolean {
  const before = daysTo(date.year, date.month - months, 1);
  return Array.from({ length: 31 }, (_, index) => dayOf(before + index)).some(
    (end) =>
      (end.month - date.month + months) % 12 === 0 &&
      endsYear(end, facts) &&
      (end.isMonthEnd ? date.isMonthEnd : end.day === date.day || (end.day > date.day && date.isMonthEnd)),
  );
}

/** Which month of the client's year the day lies in, 1 to 12. */
function monthOfYear({ month }: Day, { usEntity, yearEnd = "12-31" }: ClientFacts): number {
  const ends = usEntity === "individual" ? 12 : Number(yearEnd.slice(0, 2));
  return ((month - ends + 11) % 12) + 1;
}

const isFlowThrough = ({ usEntity }: ClientFacts) => usEntity === "partnership" || usEntity === "s_corporation";
/** A C corporation's year to June was returned in September, the last time for that of 2026. */
const isOldJune = ({ usEntity, yearEnd }: ClientFacts, { year }: Day) =>
  usEntity === "c_corporation" && yearEnd === "06-30" && year <= 2026;
const isMonth15 = (date: Day, facts: ClientFacts, ...months: readonly number[]) =>
  isMovedTo(date, (meant) => meant.day === 15 && months.includes(monthOfYear(meant, facts)));
const staggers = { "1": [2, 5, 8, 11], "2": [3, 6, 9, 12], "3": [1, 4, 7, 10], monthly: undefined };

const opinions: Readonly<Record<StatutoryRuleName, (date: Day, facts: ClientFacts) => boolean>> = {
  uk_vat_return: ({ day, month }, { vatStagger = "1" }) => day === 7 && (staggers[vatStagger]?.includes(month) ?? true),
  uk_company_accounts: (date, facts) => followsYearEnd(date, facts, 9),
  uk_confirmation_statement: ({ count }, { incorporatedOn = "" }) => {
    const anniversary = textOf(count - 13);
    return anniversary.slice(5) === incorporatedOn.slice(5) && anniversary > incorporatedOn;
  },
  uk_corporation_tax_payment: ({ count }, facts) => followsYearEnd(dayOf(count - 1), facts, 9),
  uk_corporation_tax_return: (date, facts) => followsYearEnd(date, facts, 12),
  uk_self_assessment_return: ({ day, month }) => month === 1 && day === 31,
  uk_self_assessment_payment_on_account: ({ day, month }) => (month === 1 || month === 7) && day === 31,
  us_income_tax_return: (date, facts) =>
    isMovedTo(
      date,
      (meant) =>
        meant.day === 15 && monthOfYear(meant, facts) === (isFlowThrough(facts) || isOldJune(facts, meant) ? 3 : 4),
    ),
  us_income_tax_extended: (date, facts) => isMonth15(date, facts, isFlowThrough(facts) ? 9 : 10),
  us_estimated_tax: (date, facts) =>
    !isFlowThrough(facts) && isMonth15(date, facts, 4, 6, 9, facts.usEntity === "individual" ? 1 : 12),
  us_payroll_return: (date) => isMovedTo(date, ({ isMonthEnd, month }) => isMonthEnd && month % 3 === 1),
  us_payroll_deposit_monthly: (date) => isMovedTo(date, ({ day }) => day === 15),
  us_unemployment_return: (date) => isMovedTo(date, ({ day, month }) => month === 1 && day === 31),
};

const months = Array.from({ length: 12 }, (_, index) => index + 1);
const yearEndOn = (month: number, day: number) =>
  textOf(Math.min(daysTo(2028, month, day), daysTo(2028, month + 1, 0)));
const yearEnds = months.flatMap((month) => [5, 15, 28, 29, 30, 31].map((day) => yearEndOn(month, day).slice(5)));
const entities = ["individual", "partnership", "s_corporation", "c_corporation"] as const;

/** Clients of every kind that a rule tells apart. A company of a leap day is in the table of known dates. */
function clientsOf(name: StatutoryRuleName): readonly ClientFacts[] {
  if (name === "uk_vat_return") return (["1", "2", "3", "monthly"] as const).map((vatStagger) => ({ vatStagger }));
  if (name === "uk_confirmation_statement")
    return yearEnds.filter((end) => end !== "02-29").map((end) => ({ incorporatedOn: `2023-${end}` }));
  if (statutoryRules[name].needs.length === 0) return [{}];
  if (name.startsWith("uk_")) return [...new Set(yearEnds)].map((yearEnd) => ({ yearEnd }));
  const monthEnds = months.map((month) => yearEndOn(month, 31).slice(5));
  return entities.flatMap((usEntity) => monthEnds.map((yearEnd) => ({ usEntity, yearEnd })));
}

/** Days after each of which something is due before the end, for those to whom anything is. */
const anyDays = fc.sample(fc.integer({ min: FIRST, max: LAST - 400 }), { numRuns: 5, seed: 42 });

function* duesOf(rule: StatutoryRuleName, facts: ClientFacts) {
  for (let after = textOf(FIRST - 1); ;) {
    const due = nextDueDate({ kind: "statutory", rule }, { facts, after });
    if (!due || due.dueOn > textOf(LAST) || due.dueOn <= after) return;
    yield due;
    after = due.dueOn;
  }
}

test.for(statutoryRuleNames)(
  "the due dates of %s over nine years are those of a second opinion, one after another, each of a period of its own (A10)",
  { timeout: 120_000 },
  (name, { task }) => {
    let [cases, violations] = [0, 0];
    for (const facts of clientsOf(name)) {
      const expected = Array.from({ length: LAST - FIRST + 1 }, (_, index) => dayOf(FIRST + index))
        .filter((date) => opinions[name](date, facts))
        .map(({ count }) => textOf(count));
      const dues = [...duesOf(name, facts)];
      const between = anyDays.map((count) =>
        nextDueDate({ kind: "statutory", rule: name }, { facts, after: textOf(count) }),
      );

      cases += expected.length;
      const found = dues.map(({ dueOn }) => dueOn);
      violations += found.join() === expected.join() ? 0 : 1;
      expect.soft(found, JSON.stringify(facts)).toEqual(expected);
      expect.soft(new Set(dues.map(({ period }) => period)).size).toBe(dues.length);
      expect
        .soft(between, JSON.stringify(facts))
        .toEqual(anyDays.map((count) => dues.find(({ dueOn }) => dueOn > textOf(count))));
    }
    countCases(task, "statutory", { cases, violations });
  },
);
