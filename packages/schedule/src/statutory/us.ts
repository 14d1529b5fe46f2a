import { dayOfMonth, endOfMonth } from "../civil-arithmetic.ts";
import type { ClientFacts } from "../client-facts.ts";
import type { StatutoryDue, StatutoryRule } from "./rule.ts";
import { yearEndsIn } from "./year-end.ts";

/** A date that is a Saturday, a Sunday or a legal holiday in the District of Columbia moves to the next day that is none. */
const us = { ifClosed: "later", calendar: "US-DC" } as const;
const SECTION_7503 = "Internal Revenue Code, section 7503; IRS Publication 509";

/** C corporations with a year to 30 June had a month less until years that begin in 2026. */
const LAST_EARLY_JUNE = "2026-06-30";

export const usRules = {
  us_income_tax_return: {
    ...us,
    title: "Federal income tax return",
    source: `Internal Revenue Code, section 6072; ${SECTION_7503}`,
    needs: ["usEntity"],
    duesOf: (facts, year) => incomeTax(facts, year, (end) => dayAfterYear(end, returnMonth(facts, end), 15)),
  },
  us_income_tax_extended: {
    ...us,
    title: "Federal income tax return, extended",
    source: `26 CFR 1.6081: six months more by Form 4868 or 7004 (seven for June years until 2026); ${SECTION_7503}`,
    needs: ["usEntity"],
    duesOf: (facts, year) =>
      incomeTax(facts, year, (end) => dayAfterYear(end, returnMonth(facts, end) + extensionMonths(facts, end), 15)),
  },
  us_estimated_tax: {
    ...us,
    title: "Estimated tax",
    source: `Internal Revenue Code, sections 6654 and 6655; ${SECTION_7503}`,
    needs: ["usEntity"],
    duesOf: estimatedTax,
  },
  us_payroll_return: {
    ...us,
    title: "Quarterly payroll return (Form 941)",
    source: `26 CFR 31.6071(a)-1: the last day of the month after the quarter; ${SECTION_7503}`,
    needs: [],
    duesOf: (_facts, year) =>
      [3, 6, 9, 12].map((month) => ({
        dueOn: endOfMonth(year, month + 1),
        period: `941 ${year} Q${month / 3}`,
      })),
  },
  us_payroll_deposit_monthly: {
    ...us,
    title: "Payroll tax deposit of a monthly depositor",
    source: `26 CFR 31.6302-1(c)(1): the 15th of the month after; ${SECTION_7503}`,
    needs: [],
    duesOf: (_facts, year) =>
      Array.from({ length: 12 }, (_, index) => ({
        dueOn: dayOfMonth(year, index + 2, 15),
        period: `Deposit ${year}-${String(index + 1).padStart(2, "0")}`,
      })),
  },
  us_unemployment_return: {
    ...us,
    title: "Federal unemployment return (Form 940)",
    source: `26 CFR 31.6071(a)-1(c): 31 January after the year; ${SECTION_7503}`,
    needs: [],
    duesOf: (_facts, year) => [{ dueOn: `${year + 1}-01-31`, period: `940 ${year}` }],
  },
} as const satisfies Readonly<Record<string, StatutoryRule>>;

/** People have the calendar year; businesses their own. */
function taxYearEnds(facts: ClientFacts, year: number): readonly string[] {
  return yearEndsIn(facts.usEntity === "individual" ? {} : facts, year);
}

function incomeTax(facts: ClientFacts, year: number, dueOn: (end: string) => string): StatutoryDue[] {
  return taxYearEnds(facts, year).map((end) => ({ dueOn: dueOn(end), period: `Tax year to ${end}` }));
}

/** In which month after the year's last the return is due. */
function returnMonth({ usEntity }: ClientFacts, end: string): number {
  if (usEntity === "partnership" || usEntity === "s_corporation") return 3;
  return isEarlyJune(usEntity, end) ? 3 : 4;
}

function extensionMonths({ usEntity }: ClientFacts, end: string): number {
  return isEarlyJune(usEntity, end) ? 7 : 6;
}

function isEarlyJune(usEntity: ClientFacts["usEntity"], end: string): boolean {
  return usEntity === "c_corporation" && end.endsWith("-06-30") && end <= LAST_EARLY_JUNE;
}

/** Partnerships and S corporations pay none themselves. */
function estimatedTax(facts: ClientFacts, year: number): StatutoryDue[] {
  if (facts.usEntity !== "individual" && facts.usEntity !== "c_corporation") return [];
  // Counted in months of the tax year, whose first is 1; people pay the fourth part after it.
  const months = facts.usEntity === "individual" ? [4, 6, 9, 13] : [4, 6, 9, 12];
  return taxYearEnds(facts, year).flatMap((end) =>
    months.map((month, index) => ({
      dueOn: dayAfterYear(end, month - 12, 15),
      period: `Estimated ${index + 1} to ${end}`,
    })),
  );
}

/** A day of the month that lies `months` after the one in which the year ends. */
function dayAfterYear(end: string, months: number, day: number): string {
  return dayOfMonth(Number(end.slice(0, 4)), Number(end.slice(5, 7)) + months, day);
}
