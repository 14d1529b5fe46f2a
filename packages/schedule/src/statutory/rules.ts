import type { StatutoryRule } from "./rule.ts";
import { ukRules } from "./uk.ts";
import { usRules } from "./us.ts";

/** All statutory rules by name. A country more is a file more, and a line here. */
const rules = { ...ukRules, ...usRules } as const;

export type StatutoryRuleName = keyof typeof rules;
export const statutoryRules: Readonly<Record<StatutoryRuleName, StatutoryRule>> = rules;
export const statutoryRuleNames = Object.keys(rules) as [StatutoryRuleName, ...StatutoryRuleName[]];
