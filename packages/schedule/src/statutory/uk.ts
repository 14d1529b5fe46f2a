import { addDays, addMonths, dayOfMonth, endOfMonth } from "../civil-arithmetic.ts";
import type { ClientFacts } from "../client-facts.ts";
import type { StatutoryRule } from "./rule.ts";
import { yearEndsIn } from "./year-end.ts";

/** The months in which VAT periods end. */
const vatMonths: Readonly<Record<NonNullable<ClientFacts["vatStagger"]>, readonly number[]>> = {
  "1": [3, 6, 9, 12],
  "2": [1, 4, 7, 10],
  "3": [2, 5, 8, 11],
  monthly: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
};

/** Neither HMRC nor Companies House lets a weekend or holiday move a filing date. */
const uk = { ifClosed: "stay", calendar: "GB-ENG" } as const;

export const ukRules = {
  uk_vat_return: {
    ...uk,
    title: "VAT return and payment",
    source:
      "VAT Regulations 1995, regulations 25 and 25A; VAT Notice 700/12: one month and seven days after the period",
    needs: ["vatStagger"],
    duesOf: ({ vatStagger = "1" }, year) =>
      vatMonths[vatStagger].map((month) => ({
        dueOn: dayOfMonth(year, month + 2, 7),
        period: `VAT to ${endOfMonth(year, month)}`,
      })),
  },
  uk_company_accounts: {
    ...uk,
    title: "Annual accounts of a private company",
    source: "Companies Act 2006, sections 442 and 443: nine months after the accounting reference period",
    needs: ["yearEnd"],
    duesOf: (facts, year) =>
      accountingYears(facts, year).map((end) => ({ dueOn: accountsDueOn(facts, end), period: `Accounts to ${end}` })),
  },
  uk_confirmation_statement: {
    ...uk,
    title: "Confirmation statement",
    source: "Companies Act 2006, sections 853A and 853B: fourteen days after the review period of a year",
    needs: ["incorporatedOn"],
    duesOf: ({ incorporatedOn = "" }, year) => {
      const years = year - Number(incorporatedOn.slice(0, 4));
      if (years < 1) return [];
      // Each year begins the day after the one before it: a company of 29 February keeps to the ends of Februaries.
      const isLeapDay = incorporatedOn.endsWith("-02-29");
      const end = isLeapDay ? endOfMonth(year, 2) : lastDayOf(incorporatedOn, 12 * years);
      return [{ dueOn: addDays(end, 14), period: `Confirmation to ${end}` }];
    },
  },
  uk_corporation_tax_payment: {
    ...uk,
    title: "Corporation tax payment",
    source:
      "Taxes Management Act 1970, section 59D; Corporation Tax Act 2009, section 10: nine months and a day after a period",
    needs: ["yearEnd"],
    duesOf: (facts, year) =>
      taxPeriods(facts, year).map((end) => ({
        dueOn: addDays(addMonths(end, 9), 1),
        period: `CT payment to ${end}`,
      })),
  },
  uk_corporation_tax_return: {
    ...uk,
    title: "Company tax return (CT600)",
    source: "Finance Act 1998, schedule 18, paragraph 14: twelve months after the period of accounts",
    needs: ["yearEnd"],
    duesOf: (facts, year) =>
      accountingYears(facts, year).map((end) => ({ dueOn: addMonths(end, 12), period: `CT600 to ${end}` })),
  },
  uk_self_assessment_return: {
    ...uk,
    title: "Self assessment return online, and balancing payment",
    source: "Taxes Management Act 1970, sections 8 and 59B: 31 January after the tax year",
    needs: [],
    duesOf: (_facts, year) => [{ dueOn: `${year + 1}-01-31`, period: `SA ${taxYear(year)}` }],
  },
  uk_self_assessment_payment_on_account: {
    ...uk,
    title: "Self assessment payments on account",
    source: "Taxes Management Act 1970, section 59A: 31 January in the tax year and 31 July after it",
    needs: [],
    duesOf: (_facts, year) => [
      { dueOn: `${year}-01-31`, period: `POA 1 ${taxYear(year)}` },
      { dueOn: `${year}-07-31`, period: `POA 2 ${taxYear(year)}` },
    ],
  },
} as const satisfies Readonly<Record<string, StatutoryRule>>;

/** The tax year that ends on 5 April of `year`: `2026-27`. */
function taxYear(year: number): string {
  return `${year - 1}-${String(year % 100).padStart(2, "0")}`;
}

/** The last day of a period that begins with `start`: the eve of the corresponding day, or the end of a month that has none. */
function lastDayOf(start: string, months: number): string {
  const [year = 0, month = 0, day = 0] = start.split("-").map(Number);
  const corresponding = dayOfMonth(year, month + months, day);
  return corresponding.slice(8) === start.slice(8) ? addDays(corresponding, -1) : corresponding;
}

/** Ends of accounting years in `year`. A company's first is more than six months long (Companies Act 2006, section 391). */
function accountingYears(facts: ClientFacts, year: number): readonly string[] {
  const { incorporatedOn } = facts;
  const ends = yearEndsIn(facts, year);
  return incorporatedOn ? ends.filter((end) => end > lastDayOf(incorporatedOn, 6)) : ends;
}

/** No period for corporation tax is longer than twelve months: a longer first one is two. */
function taxPeriods(facts: ClientFacts, year: number): readonly string[] {
  const { incorporatedOn } = facts;
  return accountingYears(facts, year).flatMap((end) =>
    incorporatedOn && isLongFirst(incorporatedOn, end) ? [lastDayOf(incorporatedOn, 12), end] : [end],
  );
}

function isLongFirst(incorporatedOn: string, end: string): boolean {
  return end > lastDayOf(incorporatedOn, 12) && end <= lastDayOf(incorporatedOn, 18);
}

/** First accounts of more than twelve months: nine months after the first anniversary, or three after the period if that is later. */
function accountsDueOn({ incorporatedOn }: ClientFacts, end: string): string {
  if (!incorporatedOn || !isLongFirst(incorporatedOn, end)) return addMonths(end, 9);
  const [year = 0, month = 0, day = 0] = incorporatedOn.split("-").map(Number);
  const [fromStart, fromEnd] = [addMonths(dayOfMonth(year + 1, month, day), 9), addMonths(end, 3)];
  return fromStart > fromEnd ? fromStart : fromEnd;
}
