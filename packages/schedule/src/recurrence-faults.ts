import { firstOfRule, nextWall, startDayOf, untilOf } from "./expansion.ts";
import { mayMissDay } from "./missing-day.ts";
import type { Recurrence } from "./recurrence.ts";
import { findBrokenLimits } from "./rule-limits.ts";
import { readRuleParts, type RuleParts } from "./rule-parts.ts";
import { formatWall, parseWall, placeWall } from "./wall-clock.ts";
import { planningZone } from "./zones.ts";

/** A fault of a recurring schedule: the field that is wrong, and what to write instead. */
interface Fault {
  readonly field: keyof Recurrence;
  readonly message: string;
}

/** 29 February on a given weekday comes at least every 40 years. What does not come in 50 does not come. */
const PROBE_YEARS = 50;

/** Everything that is wrong with fields that are right in themselves. An empty list: the schedule has at least one moment. */
export function findFaults(schedule: Recurrence): readonly Fault[] {
  const read = readRuleParts(schedule.rule);
  if ("faults" in read) return read.faults.map((message) => ({ field: "rule", message }));

  const broken = findBrokenLimits(read.rule);
  if (broken.length > 0) return broken.map((message) => ({ field: "rule", message }));

  const faults = [
    ...findDoubleEnds(schedule, read.rule),
    ...findMissingDayFaults(schedule, read.rule),
    ...findListFaults(schedule),
  ];
  return faults.length > 0 ? faults : findEmptiness(schedule, read.rule);
}

function findDoubleEnds(schedule: Recurrence, rule: RuleParts): readonly Fault[] {
  const given = [
    rule.UNTIL !== undefined && "UNTIL in the rule",
    rule.COUNT !== undefined && "COUNT in the rule",
    schedule.until !== undefined && "`until`",
    schedule.count !== undefined && "`count`",
  ].filter((end) => end !== false);
  const field = schedule.count === undefined ? "until" : "count";
  const isOnlyInRule = schedule.until === undefined && schedule.count === undefined;
  if (given.length < 2 || isOnlyInRule) return [];
  return [{ field, message: `The end is given twice, as ${given.join(" and ")}; keep one` }];
}

function findMissingDayFaults(schedule: Recurrence, rule: RuleParts): readonly Fault[] {
  if (schedule.onMissingDay !== undefined && rule.SKIP !== undefined) {
    return [{ field: "onMissingDay", message: "SKIP in the rule says the same; keep one of them" }];
  }
  if (schedule.onMissingDay === "last" && rule.BYMONTHDAY) {
    const instead =
      "for the 31st or the last day write BYMONTHDAY=28,29,30,31;BYSETPOS=-1 in the rule, or leave BYMONTHDAY out";
    return [
      {
        field: "onMissingDay",
        message: `It is about the day that comes from \`start\`, and the rule has BYMONTHDAY; ${instead}`,
      },
    ];
  }
  if (rule.BYSETPOS && mayMissDay(rule, startDayOf(schedule))) {
    return [
      { field: "rule", message: "BYSETPOS with a start on day 29 to 31 needs BYDAY or BYMONTHDAY; name the days" },
    ];
  }
  return [];
}

function findListFaults({ include = [], exclude = [] }: Recurrence): readonly Fault[] {
  const includedDays = include.map((text) => text.slice(0, 10));
  const repeated = includedDays.find((day, index) => includedDays.indexOf(day) !== index);
  const both = exclude.find((day) => includedDays.includes(day));
  const faults: Fault[] = [];
  if (repeated)
    faults.push({
      field: "include",
      message: `${repeated} is included twice; a schedule has one moment a day at most`,
    });
  if (both)
    faults.push({
      field: "exclude",
      message: `${both} is included as well; name it once (an included time replaces the rule's)`,
    });
  return faults;
}

function findEmptiness(schedule: Recurrence, rule: RuleParts): readonly Fault[] {
  const first = firstOfRule(schedule, PROBE_YEARS * 366);
  if (first === undefined) {
    return [
      {
        field: "rule",
        message: `The rule never matches in the ${PROBE_YEARS} years after \`start\`; check its days and months`,
      },
    ];
  }
  if (placeWall(planningZone(schedule.zone), first) > untilOf(schedule, rule)) {
    const field = schedule.until === undefined ? "rule" : "until";
    return [{ field, message: `The schedule ends before its first moment, ${formatWall(first)}; give a later end` }];
  }
  if (nextWall(schedule, parseWall("1900-01-01") - 1) === undefined) {
    return [{ field: "exclude", message: "Every day of the schedule is excluded; leave at least one" }];
  }
  return [];
}
