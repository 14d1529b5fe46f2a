import { z } from "zod";
import { civilDateSchema } from "./civil-date.ts";

/** Statutory rules by name; what each means, and its source, stands in `statutory/`. */
export const statutoryRuleNames = [
  "uk_vat_return",
  "uk_company_accounts",
  "uk_confirmation_statement",
  "uk_corporation_tax_payment",
  "uk_corporation_tax_return",
  "uk_self_assessment_return",
  "uk_self_assessment_payment_on_account",
  "us_income_tax_return",
  "us_income_tax_extended",
  "us_estimated_tax",
  "us_payroll_return",
  "us_payroll_deposit",
  "us_unemployment_return",
] as const;
export type StatutoryRuleName = (typeof statutoryRuleNames)[number];

/** Where due dates come from, when they are not given one by one: the planner opens each next period by itself. */
export const dueRuleSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("dates"), dates: z.array(civilDateSchema).min(1).max(500) }),
  z.strictObject({
    kind: z.literal("recurring"),
    /** The first day that may be due, and the day that the rule takes from its start. */
    start: civilDateSchema,
    /** RFC 5545 RRULE without its name, daily or slower. */
    rule: z
      .string()
      .min(1)
      .max(500)
      .meta({ examples: ["FREQ=MONTHLY"] }),
  }),
  z.strictObject({
    kind: z.literal("statutory"),
    rule: z.enum(statutoryRuleNames),
    /** What a due date does that is no working day; the law's own answer when left out. */
    ifClosed: z.enum(["stay", "earlier", "later"]).optional(),
  }),
]);
export type DueRule = z.infer<typeof dueRuleSchema>;
