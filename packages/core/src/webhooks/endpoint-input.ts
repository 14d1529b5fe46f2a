import { type TargetRules, faultOfTarget } from "@reminder-app/channels/webhooks/target";
import { invalid } from "@reminder-app/platform/errors";
import { z } from "zod";
import { line } from "../texts.ts";
import { eventTypes } from "./event-types.ts";

export const endpointFields = {
  url: z
    .string()
    .max(1_000)
    .refine((value) => URL.canParse(value), "must be an address such as https://firm.example/hooks")
    .describe("Where calls are posted to: https, on the public internet"),
  description: line(200).nullable().describe("What it is for"),
  events: z
    .array(z.enum(eventTypes))
    .max(eventTypes.length)
    .refine((types) => new Set(types).size === types.length, "names a type twice")
    .describe("Which types of events it hears of; all when empty"),
} as const;

/** Throws `validation_failed` where calls may not go there. */
export function requireTarget(url: string, rules: TargetRules): void {
  const fault = faultOfTarget(url, rules);
  if (fault !== undefined) throw invalid("url", fault);
}

/** What the audit trail keeps of an endpoint's address: paths may hold secrets. */
export function originOf(url: string): string {
  return new URL(url).origin;
}
