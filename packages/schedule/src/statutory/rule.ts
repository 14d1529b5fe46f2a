import type { ClientFacts } from "../client-facts.ts";

/** One due date of the law, before closed days are looked at. */
export interface StatutoryDue {
  readonly dueOn: string;
  /** What accountants call the period: `VAT to 2027-03-31`. Letters, digits, space and . : / - only. */
  readonly period: string;
}

/** A rule of the law by which a due date follows from facts about a client. */
export interface StatutoryRule {
  /** What a person calls it. */
  readonly title: string;
  /** Where it is written. */
  readonly source: string;
  /** The facts without which there is no due date. */
  readonly needs: readonly (keyof ClientFacts)[];
  /** What the law does with a due date that is no working day. */
  readonly ifClosed: "stay" | "earlier" | "later";
  /** Whose working days these are. */
  readonly calendar: string;
  /** The due dates of all periods that end in the calendar year, whatever year they are due in. */
  readonly duesOf: (facts: ClientFacts, year: number) => readonly StatutoryDue[];
}
