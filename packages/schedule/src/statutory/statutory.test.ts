import { countCases } from "@reminder-app/testing/count-cases";
import { expect, test } from "vitest";
import type { ClientFacts } from "../client-facts.ts";
import { missingFacts, nextDueDate } from "../due-dates.ts";
import { dueRuleSchema } from "../due-rule.ts";
import { type StatutoryRuleName, statutoryRuleNames, statutoryRules } from "./rules.ts";

type Known = readonly [rule: StatutoryRuleName, facts: ClientFacts, after: string, dueOn: string, period: string];

const company = (yearEnd: string, incorporatedOn?: string): ClientFacts => ({
  yearEnd,
  ...(incorporatedOn && { incorporatedOn }),
});
const us = (usEntity: NonNullable<ClientFacts["usEntity"]>, yearEnd?: string): ClientFacts => ({
  usEntity,
  ...(yearEnd && { yearEnd }),
});

/** As HMRC, Companies House and the IRS (Publication 509) have published them. */
const known: readonly Known[] = [
  ["uk_vat_return", { vatStagger: "1" }, "2027-04-01", "2027-05-07", "VAT to 2027-03-31"],
  ["uk_vat_return", { vatStagger: "1" }, "2026-07-01", "2026-08-07", "VAT to 2026-06-30"],
  ["uk_vat_return", { vatStagger: "1" }, "2027-01-01", "2027-02-07", "VAT to 2026-12-31"],
  ["uk_vat_return", { vatStagger: "2" }, "2026-11-24", "2026-12-07", "VAT to 2026-10-31"],
  ["uk_vat_return", { vatStagger: "2" }, "2026-05-07", "2026-06-07", "VAT to 2026-04-30"],
  ["uk_vat_return", { vatStagger: "3" }, "2027-03-01", "2027-04-07", "VAT to 2027-02-28"],
  ["uk_vat_return", { vatStagger: "3" }, "2028-03-01", "2028-04-07", "VAT to 2028-02-29"],
  ["uk_vat_return", { vatStagger: "3" }, "2026-12-01", "2027-01-07", "VAT to 2026-11-30"],
  ["uk_vat_return", { vatStagger: "monthly" }, "2027-01-07", "2027-02-07", "VAT to 2026-12-31"],
  ["uk_company_accounts", company("03-31"), "2026-11-24", "2026-12-31", "Accounts to 2026-03-31"],
  ["uk_company_accounts", company("12-31"), "2027-01-01", "2027-09-30", "Accounts to 2026-12-31"],
  ["uk_company_accounts", company("05-31"), "2027-01-01", "2027-02-28", "Accounts to 2026-05-31"],
  ["uk_company_accounts", company("05-31"), "2028-01-01", "2028-02-29", "Accounts to 2027-05-31"],
  ["uk_company_accounts", company("02-28"), "2027-03-01", "2027-11-30", "Accounts to 2027-02-28"],
  ["uk_company_accounts", company("06-30"), "2027-01-01", "2027-03-31", "Accounts to 2026-06-30"],
  ["uk_company_accounts", company("04-05"), "2026-11-24", "2027-01-05", "Accounts to 2026-04-05"],
  ["uk_company_accounts", company("05-31", "2026-05-10"), "2026-11-24", "2028-02-10", "Accounts to 2027-05-31"],
  [
    "uk_confirmation_statement",
    { incorporatedOn: "2020-05-10" },
    "2027-01-01",
    "2027-05-23",
    "Confirmation to 2027-05-09",
  ],
  [
    "uk_confirmation_statement",
    { incorporatedOn: "2024-02-29" },
    "2027-01-01",
    "2027-03-14",
    "Confirmation to 2027-02-28",
  ],
  [
    "uk_confirmation_statement",
    { incorporatedOn: "2024-02-29" },
    "2028-01-01",
    "2028-03-14",
    "Confirmation to 2028-02-29",
  ],
  [
    "uk_confirmation_statement",
    { incorporatedOn: "2025-12-25" },
    "2026-01-01",
    "2027-01-07",
    "Confirmation to 2026-12-24",
  ],
  ["uk_corporation_tax_payment", company("03-31"), "2026-11-24", "2027-01-01", "CT payment to 2026-03-31"],
  ["uk_corporation_tax_payment", company("12-31"), "2026-11-24", "2027-10-01", "CT payment to 2026-12-31"],
  ["uk_corporation_tax_payment", company("02-28"), "2026-11-24", "2026-12-01", "CT payment to 2026-02-28"],
  ["uk_corporation_tax_return", company("03-31"), "2026-11-24", "2027-03-31", "CT600 to 2026-03-31"],
  ["uk_corporation_tax_return", company("02-28"), "2028-01-01", "2028-02-29", "CT600 to 2027-02-28"],
  ["uk_self_assessment_return", {}, "2026-11-24", "2027-01-31", "SA 2025-26"],
  ["uk_self_assessment_payment_on_account", {}, "2027-01-31", "2027-07-31", "POA 2 2026-27"],
  ["us_income_tax_return", us("individual"), "2026-01-01", "2026-04-15", "Tax year to 2025-12-31"],
  ["us_income_tax_return", us("individual"), "2022-01-01", "2022-04-18", "Tax year to 2021-12-31"],
  ["us_income_tax_return", us("individual"), "2023-01-01", "2023-04-18", "Tax year to 2022-12-31"],
  ["us_income_tax_return", us("individual"), "2028-01-01", "2028-04-18", "Tax year to 2027-12-31"],
  ["us_income_tax_return", us("individual", "06-30"), "2027-01-01", "2027-04-15", "Tax year to 2026-12-31"],
  ["us_income_tax_return", us("s_corporation"), "2026-01-01", "2026-03-16", "Tax year to 2025-12-31"],
  ["us_income_tax_return", us("partnership"), "2027-01-01", "2027-03-15", "Tax year to 2026-12-31"],
  ["us_income_tax_return", us("c_corporation"), "2027-01-01", "2027-04-15", "Tax year to 2026-12-31"],
  ["us_income_tax_return", us("c_corporation", "06-30"), "2026-07-01", "2026-09-15", "Tax year to 2026-06-30"],
  ["us_income_tax_return", us("c_corporation", "06-30"), "2027-07-01", "2027-10-15", "Tax year to 2027-06-30"],
  ["us_income_tax_return", us("c_corporation", "09-30"), "2026-11-24", "2027-01-15", "Tax year to 2026-09-30"],
  ["us_income_tax_extended", us("individual"), "2026-05-01", "2026-10-15", "Tax year to 2025-12-31"],
  ["us_income_tax_extended", us("partnership"), "2026-05-01", "2026-09-15", "Tax year to 2025-12-31"],
  ["us_income_tax_extended", us("c_corporation", "06-30"), "2026-12-01", "2027-04-15", "Tax year to 2026-06-30"],
  ["us_estimated_tax", us("individual"), "2026-09-15", "2027-01-15", "Estimated 4 to 2026-12-31"],
  ["us_estimated_tax", us("individual"), "2024-05-01", "2024-06-17", "Estimated 2 to 2024-12-31"],
  ["us_estimated_tax", us("c_corporation"), "2026-09-15", "2026-12-15", "Estimated 4 to 2026-12-31"],
  ["us_payroll_return", {}, "2026-01-01", "2026-02-02", "941 2025 Q4"],
  ["us_payroll_return", {}, "2026-11-03", "2027-02-01", "941 2026 Q4"],
  ["us_payroll_deposit_monthly", {}, "2026-02-01", "2026-02-17", "Deposit 2026-01"],
  ["us_payroll_deposit_monthly", {}, "2026-10-16", "2026-11-16", "Deposit 2026-10"],
  ["us_unemployment_return", {}, "2026-01-01", "2026-02-02", "940 2025"],
  // Six months exactly are too short for a first period, a day more is enough.
  ["uk_company_accounts", company("12-31", "2026-07-01"), "2026-11-24", "2028-04-01", "Accounts to 2027-12-31"],
  ["uk_company_accounts", company("12-31", "2026-06-30"), "2026-11-24", "2027-09-30", "Accounts to 2026-12-31"],
  // Twelve months exactly have nine months, a day more has them from the first anniversary.
  ["uk_company_accounts", company("03-31", "2026-04-01"), "2026-11-24", "2027-12-31", "Accounts to 2027-03-31"],
  ["uk_company_accounts", company("03-31", "2026-03-31"), "2026-11-24", "2027-12-31", "Accounts to 2027-03-31"],
  ["uk_company_accounts", company("02-28", "2023-02-28"), "2024-01-01", "2024-11-28", "Accounts to 2024-02-29"],
  ["uk_company_accounts", company("05-31", "2026-05-10"), "2028-02-10", "2029-02-28", "Accounts to 2028-05-31"],
  ["uk_company_accounts", company("04-30"), "2026-11-24", "2027-01-31", "Accounts to 2026-04-30"],
  ["uk_company_accounts", company("02-29"), "2028-03-01", "2028-11-30", "Accounts to 2028-02-29"],
  // A first period of more than twelve months is two for corporation tax; where both are due on one day, the second stands for them.
  [
    "uk_corporation_tax_payment",
    company("05-31", "2026-05-10"),
    "2026-11-24",
    "2028-02-10",
    "CT payment to 2027-05-09",
  ],
  [
    "uk_corporation_tax_payment",
    company("05-31", "2026-05-10"),
    "2028-02-10",
    "2028-03-01",
    "CT payment to 2027-05-31",
  ],
  [
    "uk_corporation_tax_payment",
    company("05-31", "2026-05-31"),
    "2026-11-24",
    "2028-03-01",
    "CT payment to 2027-05-31",
  ],
  [
    "uk_corporation_tax_payment",
    company("05-31", "2026-05-31"),
    "2028-03-01",
    "2029-03-01",
    "CT payment to 2028-05-31",
  ],
  ["uk_corporation_tax_return", company("05-31", "2026-05-10"), "2026-11-24", "2028-05-31", "CT600 to 2027-05-31"],
  ["uk_corporation_tax_payment", company("05-31"), "2027-01-01", "2027-03-01", "CT payment to 2026-05-31"],
  ["uk_corporation_tax_payment", company("09-30"), "2027-01-01", "2027-07-01", "CT payment to 2026-09-30"],
  ["uk_corporation_tax_return", company("06-30"), "2026-11-24", "2027-06-30", "CT600 to 2026-06-30"],
  ["uk_vat_return", { vatStagger: "monthly" }, "2027-03-01", "2027-03-07", "VAT to 2027-01-31"],
  ["uk_vat_return", { vatStagger: "monthly" }, "2027-03-07", "2027-04-07", "VAT to 2027-02-28"],
  ["uk_self_assessment_return", {}, "2027-01-31", "2028-01-31", "SA 2026-27"],
  ["uk_self_assessment_payment_on_account", {}, "2026-11-24", "2027-01-31", "POA 1 2026-27"],
  ["uk_self_assessment_payment_on_account", {}, "2027-07-31", "2028-01-31", "POA 1 2027-28"],
  // On both sides of Washington's Emancipation Day: on a Friday after the date, and observed on the Monday after a weekend.
  ["us_income_tax_return", us("individual"), "2025-01-01", "2025-04-15", "Tax year to 2024-12-31"],
  ["us_income_tax_return", us("individual"), "2023-01-01", "2023-04-18", "Tax year to 2022-12-31"],
  ["us_income_tax_return", us("individual"), "2028-01-01", "2028-04-18", "Tax year to 2027-12-31"],
  ["us_income_tax_return", us("partnership"), "2025-01-01", "2025-03-17", "Tax year to 2024-12-31"],
  ["us_income_tax_return", us("partnership"), "2026-01-01", "2026-03-16", "Tax year to 2025-12-31"],
  ["us_income_tax_return", us("s_corporation", "09-30"), "2026-11-24", "2026-12-15", "Tax year to 2026-09-30"],
  ["us_income_tax_return", us("c_corporation", "09-30"), "2027-06-01", "2028-01-18", "Tax year to 2027-09-30"],
  ["us_income_tax_return", us("c_corporation", "06-30"), "2025-07-01", "2025-09-15", "Tax year to 2025-06-30"],
  ["us_income_tax_extended", us("individual"), "2027-05-01", "2027-10-15", "Tax year to 2026-12-31"],
  ["us_income_tax_extended", us("s_corporation"), "2027-05-01", "2027-09-15", "Tax year to 2026-12-31"],
  ["us_income_tax_extended", us("c_corporation"), "2025-05-01", "2025-10-15", "Tax year to 2024-12-31"],
  ["us_income_tax_extended", us("c_corporation", "06-30"), "2027-12-01", "2028-04-18", "Tax year to 2027-06-30"],
  ["us_estimated_tax", us("individual"), "2025-05-01", "2025-06-16", "Estimated 2 to 2025-12-31"],
  ["us_estimated_tax", us("individual"), "2026-05-01", "2026-06-15", "Estimated 2 to 2026-12-31"],
  ["us_estimated_tax", us("individual"), "2023-10-01", "2024-01-16", "Estimated 4 to 2023-12-31"],
  ["us_estimated_tax", us("individual"), "2025-10-01", "2026-01-15", "Estimated 4 to 2025-12-31"],
  ["us_estimated_tax", us("c_corporation"), "2025-05-01", "2025-06-16", "Estimated 2 to 2025-12-31"],
  ["us_estimated_tax", us("c_corporation", "06-30"), "2026-07-01", "2026-10-15", "Estimated 1 to 2027-06-30"],
  ["us_estimated_tax", us("c_corporation", "06-30"), "2027-04-01", "2027-06-15", "Estimated 4 to 2027-06-30"],
  ["us_payroll_return", {}, "2025-04-01", "2025-04-30", "941 2025 Q1"],
  ["us_payroll_return", {}, "2026-07-01", "2026-07-31", "941 2026 Q2"],
  ["us_payroll_return", {}, "2026-10-01", "2026-11-02", "941 2026 Q3"],
  ["us_payroll_return", {}, "2027-07-01", "2027-08-02", "941 2027 Q2"],
  ["us_payroll_return", {}, "2027-10-01", "2027-11-01", "941 2027 Q3"],
  ["us_payroll_deposit_monthly", {}, "2026-01-01", "2026-01-15", "Deposit 2025-12"],
  ["us_payroll_deposit_monthly", {}, "2026-03-01", "2026-03-16", "Deposit 2026-02"],
  ["us_payroll_deposit_monthly", {}, "2026-08-01", "2026-08-17", "Deposit 2026-07"],
  ["us_unemployment_return", {}, "2027-01-01", "2027-02-01", "940 2026"],
  ["us_unemployment_return", {}, "2025-01-01", "2025-01-31", "940 2024"],
];

test("the due dates that authorities have published are found (A10)", ({ task }) => {
  const wrong = known.filter(([rule, facts, after, dueOn, period]) => {
    const due = nextDueDate({ kind: "statutory", rule }, { facts, after });
    return due?.dueOn !== dueOn || due.period !== period;
  });
  countCases(task, "statutory", { cases: known.length, violations: wrong.length });
  expect(wrong).toEqual([]);
});

test("a firm may have a due date moved off closed days where the law does not (A10)", () => {
  const asked = { facts: { vatStagger: "1" }, after: "2027-01-01" } as const;
  const moved = (ifClosed: "stay" | "earlier" | "later") =>
    nextDueDate({ kind: "statutory", rule: "uk_vat_return", ifClosed }, asked)?.dueOn;
  expect([moved("stay"), moved("earlier"), moved("later")]).toEqual(["2027-02-07", "2027-02-05", "2027-02-08"]);
});

test("what a rule needs to know of a client is named, and without it there is no date (A10)", () => {
  const rule = { kind: "statutory", rule: "uk_vat_return" } as const;
  expect(missingFacts(rule, null)).toEqual(["vatStagger"]);
  expect(missingFacts(rule, { vatStagger: "2" })).toEqual([]);
  expect(nextDueDate(rule, { facts: { yearEnd: "03-31" }, after: "2027-01-01" })).toBeUndefined();
});

test("partnerships have no estimated tax of their own (A10)", () => {
  const rule = { kind: "statutory", rule: "us_estimated_tax" } as const;
  expect(nextDueDate(rule, { facts: us("partnership"), after: "2027-01-01" })).toBeUndefined();
});

test("every rule names its source, and its periods follow each other without repeating (A10)", ({ task }) => {
  const facts: ClientFacts = {
    vatStagger: "3",
    yearEnd: "02-29",
    incorporatedOn: "2015-02-28",
    usEntity: "c_corporation",
  };
  let cases = 0;
  for (const rule of statutoryRuleNames) {
    expect(statutoryRules[rule].source.length).toBeGreaterThan(20);
    const seen: string[] = [];
    for (let after = "2020-01-01"; after < "2040-01-01";) {
      const due = nextDueDate({ kind: "statutory", rule }, { facts, after });
      expect(due?.period).toMatch(/^[\w .:/-]{1,40}$/);
      seen.push(due?.period ?? "");
      after = due?.dueOn ?? "2040-01-01";
      cases += 1;
    }
    expect(new Set(seen).size).toBe(seen.length);
  }
  countCases(task, "statutory", { cases, violations: 0 });
});

test("a due rule that sets a time of day is due once on each of its days (A10)", () => {
  const rule = dueRuleSchema.parse({ kind: "recurring", start: "2027-01-31", rule: "FREQ=MONTHLY;BYHOUR=9" });
  expect(nextDueDate(rule, { facts: null, after: "2027-01-30" })?.dueOn).toBe("2027-01-31");
  expect(nextDueDate(rule, { facts: null, after: "2027-01-31" })?.dueOn).toBe("2027-02-28");
});

test("due dates may be listed, or recur; each is a period of its own (A10)", () => {
  const listed = dueRuleSchema.parse({ kind: "dates", dates: ["2027-06-30", "2027-03-31"] });
  expect(listed).toMatchObject({ dates: ["2027-03-31", "2027-06-30"] });
  expect(nextDueDate(listed, { facts: null, after: "2027-03-30" })).toEqual({
    dueOn: "2027-03-31",
    period: "2027-03-31",
  });
  expect(nextDueDate(listed, { facts: null, after: "2027-06-30" })).toBeUndefined();
  const monthly = dueRuleSchema.parse({ kind: "recurring", start: "2027-01-31", rule: "FREQ=MONTHLY" });
  expect(nextDueDate(monthly, { facts: null, after: "2027-01-30" })?.dueOn).toBe("2027-01-31");
  expect(nextDueDate(monthly, { facts: null, after: "2027-01-31" })?.dueOn).toBe("2027-02-28");
});

test.each([
  [{ kind: "recurring", start: "2027-01-31", rule: "FREQ=HOURLY" }, "nothing repeats within a day"],
  [{ kind: "recurring", start: "2027-01-31", rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }, "never matches"],
  [{ kind: "dates", dates: ["2027-01-31", "2027-01-31"] }, "Name each date once"],
])("the due rule %j is refused: %s (A10)", (rule, reason) => {
  expect(dueRuleSchema.safeParse(rule).error?.issues[0]?.message).toContain(reason);
});
