import type { ClientFacts } from "./client-facts.ts";
import { type DueRule, recurrenceOf } from "./due-rule.ts";
import type { SharedSchedule } from "./schedule.ts";
import { nextSlot } from "./slots.ts";
import { statutoryRules } from "./statutory/rules.ts";
import { rollToWorkingDay } from "./working-days.ts";

/** One due date of a rule, and the name of the period that it belongs to. */
export interface DueDate {
  readonly dueOn: string;
  readonly period: string;
}

export interface DueQuestion {
  readonly facts: ClientFacts | null;
  /** A civil date. */
  readonly after: string;
}

/** Periods end up to three years before they are due, and some are due before they end. */
const YEARS_AROUND = 3;

/** Recurring rules are read through objects that stay the same, so that they are expanded once. */
const schedules = new WeakMap<DueRule, SharedSchedule>();

/** The first due date strictly after a day. Undefined: there is none, or facts are missing. */
export function nextDueDate(rule: DueRule, { facts, after }: DueQuestion): DueDate | undefined {
  if (rule.kind === "dates") return toDueDate(rule.dates.find((date) => date > after));
  if (rule.kind === "recurring") return toDueDate(nextOfRule(rule, after));
  if (missingFacts(rule, facts).length > 0) return undefined;
  return statutoryDues(rule, facts ?? {}, Number(after.slice(0, 4))).find(({ dueOn }) => dueOn > after);
}

/** The facts that a rule needs and a client lacks. */
export function missingFacts(rule: DueRule, facts: ClientFacts | null): readonly (keyof ClientFacts)[] {
  if (rule.kind !== "statutory") return [];
  return statutoryRules[rule.rule].needs.filter((fact) => facts?.[fact] === undefined);
}

function toDueDate(date: string | undefined): DueDate | undefined {
  return date === undefined ? undefined : { dueOn: date, period: date };
}

function nextOfRule(rule: Extract<DueRule, { kind: "recurring" }>, after: string): string | undefined {
  const schedule = schedules.get(rule) ?? recurrenceOf(rule);
  schedules.set(rule, schedule);
  // After the day's last moment, for a rule may set a time of day.
  return nextSlot(schedule, new Date(`${after}T23:59:59.999Z`))?.local.slice(0, 10);
}

/** The due dates of the years around one, in the order of time. Of periods that are due on one day, the last stands for them. */
function statutoryDues(
  { rule, ifClosed }: Extract<DueRule, { kind: "statutory" }>,
  facts: ClientFacts,
  around: number,
): DueDate[] {
  const law = statutoryRules[rule];
  const years = Array.from({ length: 2 * YEARS_AROUND + 1 }, (_, index) => around - YEARS_AROUND + index);
  const dues = years
    .flatMap((year) => law.duesOf(facts, year))
    .map(({ dueOn, period }) => ({ period, dueOn: roll(dueOn, ifClosed ?? law.ifClosed, law.calendar) }))
    .toSorted((a, b) => (a.dueOn === b.dueOn ? 0 : a.dueOn < b.dueOn ? -1 : 1));
  return dues.filter(({ dueOn }, index) => dues[index + 1]?.dueOn !== dueOn);
}

function roll(dueOn: string, ifClosed: "stay" | "earlier" | "later", calendar: string): string {
  return ifClosed === "stay" ? dueOn : rollToWorkingDay(dueOn, ifClosed === "earlier" ? -1 : 1, calendar);
}
