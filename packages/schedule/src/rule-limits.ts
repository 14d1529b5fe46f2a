import type { RuleParts } from "./rule-parts.ts";

interface Limit {
  readonly isBroken: (rule: RuleParts) => boolean;
  readonly says: string;
}

/** The MUST NOTs of RFC 5545 3.3.10 and RFC 7529, then combinations whose meaning the RFC leaves open. */
const limits: readonly Limit[] = [
  {
    isBroken: (rule) => has(rule.UNTIL) && has(rule.COUNT),
    says: "UNTIL and COUNT may not both be given; keep the one that should end the rule",
  },
  {
    isBroken: (rule) => hasOrdinals(rule) && (rule.FREQ === "DAILY" || rule.FREQ === "WEEKLY"),
    says: "BYDAY with numbers needs FREQ=MONTHLY or YEARLY; write plain days like MO,TU",
  },
  {
    isBroken: (rule) => hasOrdinals(rule, 5) && (rule.FREQ === "MONTHLY" || has(rule.BYMONTH)),
    says: "BYDAY within a month takes numbers 1 to 5, or -5 to -1 from the end",
  },
  {
    // The library gives a 52nd where a year has no 53rd.
    isBroken: (rule) => hasOrdinals(rule, 52),
    says: "BYDAY takes no 53rd weekday, which most years lack; write -1 for the last of the year, or name the dates in `include`",
  },
  {
    isBroken: (rule) => has(rule.BYMONTHDAY) && rule.FREQ === "WEEKLY",
    says: "BYMONTHDAY may not be given with FREQ=WEEKLY; write FREQ=MONTHLY",
  },
  {
    isBroken: (rule) => has(rule.BYYEARDAY) && rule.FREQ !== "YEARLY",
    says: "BYYEARDAY may only be given with FREQ=YEARLY",
  },
  {
    isBroken: (rule) => has(rule.BYSETPOS) && Object.keys(rule).filter((name) => name.startsWith("BY")).length === 1,
    says: "BYSETPOS needs another BY part to choose from, such as BYDAY or BYMONTHDAY",
  },
  {
    isBroken: (rule) => has(rule.SKIP) && !has(rule.RSCALE),
    says: "SKIP needs RSCALE=GREGORIAN before it; or leave it out and say `onMissingDay`",
  },
  {
    isBroken: (rule) => rule.SKIP === "BACKWARD" && (has(rule.BYMONTHDAY) || has(rule.BYYEARDAY)),
    says: "SKIP=BACKWARD may not stand with BYMONTHDAY or BYYEARDAY; for the 31st or the last day write BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
  },
  {
    isBroken: (rule) => has(rule.BYYEARDAY) && (has(rule.BYDAY) || has(rule.BYMONTHDAY)),
    says: "BYYEARDAY may not stand with BYDAY or BYMONTHDAY; keep one of them",
  },
  {
    isBroken: (rule) => rule.FREQ === "YEARLY" && has(rule.BYMONTHDAY) && !has(rule.BYMONTH),
    says: "FREQ=YEARLY with BYMONTHDAY needs BYMONTH; for every month write FREQ=MONTHLY",
  },
  {
    isBroken: (rule) => rule.FREQ === "YEARLY" && !has(rule.BYMONTH) && hasOrdinals(rule) && hasPlainDays(rule),
    says: "FREQ=YEARLY without BYMONTH may not mix BYDAY with and without numbers; write two schedules",
  },
  {
    isBroken: (rule) => rule.FREQ === "YEARLY" && hasOrdinals(rule) && has(rule.BYMONTHDAY),
    says: "FREQ=YEARLY may not have BYDAY with numbers beside BYMONTHDAY; keep one of them",
  },
];

/** What is wrong with the parts taken together, each with what to write instead. */
export function findBrokenLimits(rule: RuleParts): readonly string[] {
  return limits.filter(({ isBroken }) => isBroken(rule)).map(({ says }) => says);
}

function has(value: unknown): boolean {
  return value !== undefined;
}

function hasOrdinals(rule: RuleParts, above = 0): boolean {
  return rule.BYDAY?.some((day) => Math.abs(Number(day.slice(0, -2))) > above) ?? false;
}

function hasPlainDays(rule: RuleParts): boolean {
  return rule.BYDAY?.some((day) => day.length === 2) ?? false;
}
