import type { Issue } from "@reminder-app/platform/errors";
import { UndefinedVariableError } from "liquidjs";
import { z } from "zod";
import { hasHiddenCharacters } from "../hidden-characters.ts";
import { linkFaults } from "./links.ts";
import { createLiquid } from "./liquid.ts";
import { plainText } from "./merged-text.ts";
import { type MergeFieldName, mergeFields } from "./merge-fields.ts";

const MAX_SUBJECT = 200;
const MAX_BODY = 10_000;
/** A field's name is quoted back up to here, and no more than some faults are told: an answer is never a multiple of its question. */
const MAX_QUOTED = 60;
const MAX_FAULTS = 10;
const liquid = createLiquid();
const known = Object.keys(mergeFields);

/** What is wrong with a template: its syntax, or a field, tag or filter that there is none of. Empty when it is right. */
export function checkTemplate(field: string, text: string): Issue[] {
  const faults = faultsIn(text);
  return faults.map((message) => ({ field, message }));
}

function faultsIn(text: string): string[] {
  try {
    const { globals } = liquid.analyzeSync(liquid.parse(text));
    const named = Object.values(globals).flatMap((variables) => variables.map(String));
    const unknown = [...new Set(named)].filter((name) => !known.includes(name)).slice(0, MAX_FAULTS);
    if (unknown.length > 0) return unknown.map(unknownField);
    // What is too long or nested to be written with every field given can never be sent.
    return sampleText(text).trim() === "" ? ["writes nothing"] : linkFaults(text);
  } catch (thrown) {
    return [`is not a valid template: ${quoted(thrown instanceof Error ? thrown.message : String(thrown), 300)}`];
  }
}

function unknownField(name: string): string {
  return `names the unknown field {{ ${quoted(name, MAX_QUOTED)} }}; there are ${known.join(", ")}`;
}

function quoted(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** A template with a usual value for every field. Throws when it cannot be written. */
export function sampleText(text: string): string {
  return plainText(String(liquid.parseAndRenderSync(text, sampleWithout(undefined))));
}

const sample: Record<MergeFieldName, string> = {
  "client.name": "Hill & Co",
  "contact.name": "Ada Hill",
  "contact.first_name": "Ada",
  "business.name": "Ledger Ltd",
  "business.postal_address": "1 High Street",
  "reminder.name": "VAT return",
  "reminder.type": "deadline",
  period: "2027-Q1",
  due_date: "7 May 2027",
  amount: "£12.50",
  // As long as a real one, and of no host that there is.
  link: `https://reminders.invalid/p/${"x".repeat(43)}`,
  missing: "Bank statement",
};

/** Whether a text cannot be written without a value for `name`: a mere `if` or `default` can do without. */
export function usesField(texts: readonly string[], name: MergeFieldName): boolean {
  const scope = sampleWithout(name);
  return texts.some((text) => {
    try {
      liquid.parseAndRenderSync(text, scope);
      return false;
    } catch (thrown) {
      return thrown instanceof UndefinedVariableError;
    }
  });
}

function sampleWithout(name: MergeFieldName | undefined): Record<string, unknown> {
  const scope: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(sample)) {
    if (path === name) continue;
    const [first = "", second] = path.split(".");
    scope[first] = second === undefined ? value : { ...(scope[first] as object | undefined), [second]: value };
  }
  return scope;
}

function template(max: number) {
  return z
    .string()
    .min(1, "must not be empty")
    .max(max, `must have at most ${max} characters`)
    .refine((text) => text.trim() !== "", "must not be empty")
    .refine((text) => !hasHiddenCharacters(text), "must not contain control characters")
    .superRefine((text, context) => {
      for (const { message } of checkTemplate("", text)) context.addIssue({ code: "custom", message });
    });
}

/** A subject: one line with merge fields. */
export const subjectTemplate = template(MAX_SUBJECT).refine((text) => !/[\r\n]/.test(text), "must be one line");

/** A message: plain text with merge fields; blank lines part paragraphs, addresses become links. */
export const bodyTemplate = template(MAX_BODY);
