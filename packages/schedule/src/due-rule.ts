import { z } from "zod";
import { civilDateSchema, dueDateSchema } from "./civil-date.ts";
import { recurrenceFields } from "./recurrence.ts";
import { findFaults } from "./recurrence-faults.ts";
import { statutoryRuleNames, statutoryRules } from "./statutory/rules.ts";

const datesSchema = z.strictObject({
  kind: z.literal("dates"),
  dates: z
    .array(dueDateSchema)
    .min(1)
    .max(500)
    .refine((dates) => new Set(dates).size === dates.length, { error: "Name each date once" })
    .overwrite((dates) => dates.toSorted()),
});

const recurringSchema = z
  .strictObject({
    kind: z.literal("recurring"),
    /** The first day that may be due, and the day that the rule takes from its start. */
    start: civilDateSchema,
    rule: recurrenceFields.shape.rule,
  })
  .superRefine(
    (due, issues) => {
      for (const { field, message } of findFaults(recurrenceOf(due)))
        issues.addIssue({ code: "custom", path: [field], message });
    },
    { when: ({ issues }) => issues.length === 0 },
  );

const statutorySchema = z.strictObject({
  kind: z.literal("statutory"),
  rule: z.enum(statutoryRuleNames).describe(aboutRules()),
  /** What a due date does that is no working day; the law's own answer when left out. */
  ifClosed: z.enum(["stay", "earlier", "later"]).optional(),
});

/** Where due dates come from, when they are not given one by one: the planner opens each next period by itself. */
export const dueRuleSchema = z.discriminatedUnion("kind", [datesSchema, recurringSchema, statutorySchema]);
export type DueRule = z.infer<typeof dueRuleSchema>;

function aboutRules(): string {
  const lines = statutoryRuleNames.map((name) => {
    const { title, needs, source } = statutoryRules[name];
    return `- \`${name}\`: ${title}${needs.length > 0 ? `, by the client's ${needs.join(" and ")}` : ""} (${source})`;
  });
  return ["Which law:", ...lines].join("\n");
}

/** The rule as a schedule of midnights, for due dates are days. */
export function recurrenceOf({ start, rule }: { readonly start: string; readonly rule: string }) {
  return { kind: "recurring" as const, start: `${start}T00:00`, zone: "UTC", rule };
}
