import { daysAfter, startOfDay } from "@reminder-app/schedule/civil-date";
import type { ClientFacts } from "@reminder-app/schedule/client-facts";
import { type DueDate, nextDueDate } from "@reminder-app/schedule/due-dates";
import type { DueRule } from "@reminder-app/schedule/due-rule";
import { sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { planningZone } from "@reminder-app/schedule/zones";
import type { Assignment } from "../assignments/assignments.repo.ts";

type Dated = Pick<Assignment, "period"> & { readonly dueOn: string };

/** So far a person moves a due date at most from the one that the rule gave. */
const MOST_MOVED_DAYS = 400;
const MOST_PERIODS = 500;

/** The due date that a rule gives for a period, near a day. Undefined where it knows no such period. */
export function dueOfPeriod(rule: DueRule, facts: ClientFacts | null, { period, dueOn }: Dated): DueDate | undefined {
  let due = nextDueDate(rule, { facts, after: daysAfter(dueOn, -1) });
  if (due?.period === period) return due;
  due = nextDueDate(rule, { facts, after: daysAfter(dueOn, -MOST_MOVED_DAYS) });
  for (let tried = 0; due && tried < MOST_PERIODS; tried += 1) {
    if (due.period === period) return due;
    if (due.dueOn > daysAfter(dueOn, MOST_MOVED_DAYS)) return undefined;
    due = nextDueDate(rule, { facts, after: due.dueOn });
  }
  return undefined;
}

/** The period after an assignment's: counted from what the rule gave for that, also where a person moved its date. */
export function periodAfter(rule: DueRule, facts: ClientFacts | null, assignment: Dated): DueDate | undefined {
  const own = dueOfPeriod(rule, facts, assignment);
  return nextDueDate(rule, { facts, after: own?.dueOn ?? assignment.dueOn });
}

/** When a next period is opened: the day after the last due date, or with its own first step where that is earlier. */
export function opensAt(
  sequence: Sequence,
  { dueOn, overrides }: Pick<Assignment, "overrides"> & { readonly dueOn: string },
  next: DueDate | undefined,
): Date {
  const dayAfter = startOfDay(daysAfter(dueOn, 1), planningZone(sequence.zone));
  const [first] = next ? sequenceMoments(sequence, { dueOn: next.dueOn, overrides }) : [];
  return first && first.at < dayAfter ? first.at : dayAfter;
}
