import type { RuleParts } from "./rule-parts.ts";

const SHORTEST_MONTH = 28;

/** The month (1 to 12) and day that a rule takes from its start when it names none itself. */
interface StartDay {
  readonly month: number;
  readonly day: number;
}

/** Whether some month or year of the rule may lack the day that it takes from its start. */
export function mayMissDay(rule: RuleParts, start: StartDay): boolean {
  const takesDayFromStart = !rule.BYDAY && !rule.BYMONTHDAY && !rule.BYYEARDAY;
  if (!takesDayFromStart || start.day <= SHORTEST_MONTH) return false;
  if (rule.FREQ === "MONTHLY") return true;
  return rule.FREQ === "YEARLY" && monthsOf(rule, start).some((month) => shortestLength(month) < start.day);
}

/** The same rule, with the last day of the month wherever the month lacks the start's day. Only for rules that may miss it. */
export function clampToLastDay(rule: RuleParts, start: StartDay): RuleParts {
  const days = Array.from({ length: start.day - SHORTEST_MONTH + 1 }, (_, index) => SHORTEST_MONTH + index);
  if (rule.FREQ === "MONTHLY") return { ...rule, BYMONTHDAY: days, BYSETPOS: [-1] };
  const months = monthsOf(rule, start);
  return { ...rule, BYMONTH: months, BYMONTHDAY: days, BYSETPOS: lastDayPositions(months, start.day) };
}

/**
 * Where the last of each month's days stands in the list of one year's days. February alone changes in length,
 * so January's is counted from the list's beginning and all others from its end.
 */
function lastDayPositions(months: readonly number[], day: number): readonly number[] {
  const positions: number[] = [];
  let fromEnd = -1;
  for (const month of months.toSorted((a, b) => b - a)) {
    const choices = Math.min(day, longestLength(month)) - SHORTEST_MONTH + 1;
    positions.push(month === 1 ? choices : fromEnd);
    fromEnd -= choices;
  }
  return positions;
}

function monthsOf(rule: RuleParts, start: StartDay): readonly number[] {
  return rule.BYMONTH ?? [start.month];
}

function longestLength(month: number): number {
  return month === 2 ? 29 : new Date(Date.UTC(2027, month, 0)).getUTCDate();
}

function shortestLength(month: number): number {
  return month === 2 ? SHORTEST_MONTH : longestLength(month);
}
