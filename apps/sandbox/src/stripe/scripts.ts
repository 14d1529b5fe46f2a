import { z } from "zod";
import { type Outcome, outcomes } from "../outcomes.ts";

/** The calls that can be scripted; `*` are all that have no script of their own. */
export const operations = [
  "createCheckout", "getCheckout", "expireCheckout", "getPayment", "createRefund", "listDisputes", "createAccount",
  "getAccount", "createAccountLink", "*",
] as const; // prettier-ignore
export type Operation = (typeof operations)[number];

/** How the stand-in treats calls of one kind. `refuse` and its like answer without doing, `accept_then_drop` does without answering. */
export const stripeScriptSchema = z.strictObject({
  /** Used up one by one, one for each call that reaches it. */
  outcomes: z.array(z.enum(outcomes)).max(10_000).default([]),
  /** For every call after those. */
  then: z.enum(outcomes).default("accept"),
  retryAfterSeconds: z.int().min(0).max(86_400).default(2),
  hangMs: z.int().min(0).max(600_000).default(20_000),
  /** Stripe's code for `refuse`. */
  code: z.string().default("parameter_invalid"),
});
type StripeScript = z.output<typeof stripeScriptSchema>;

/** One call's fate. */
export interface Fate extends Omit<StripeScript, "outcomes" | "then"> {
  readonly outcome: Outcome;
}

export interface StripeScripts {
  set(operation: Operation, script: StripeScript): void;
  clear(): void;
  /** Asking uses up one scripted outcome. */
  decide(operation: Operation): Fate;
}

const plain = stripeScriptSchema.parse({});

export function createStripeScripts(): StripeScripts {
  const running = new Map<Operation, { readonly script: StripeScript; used: number }>();
  return {
    set: (operation, script) => void running.set(operation, { script, used: 0 }),
    clear: () => running.clear(),
    decide(operation) {
      const found = running.get(operation) ?? running.get("*");
      if (!found) return { ...plain, outcome: "accept" };
      const outcome = found.script.outcomes[found.used] ?? found.script.then;
      found.used += 1;
      return { ...found.script, outcome };
    },
  };
}
