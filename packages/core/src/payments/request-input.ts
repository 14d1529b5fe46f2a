import { dueDateSchema } from "@reminder-app/schedule/civil-date";
import { z } from "zod";
import { line } from "../texts.ts";

const MOST_ITEMS = 100;
/** Sums of amounts stay exact, and every provider can be asked for them. */
const MOST_AMOUNT = 99_999_999_999;
const MOST_PAUSE_DAYS = 60;
const currencies = new Set(Intl.supportedValuesOf("currency"));

export const currencySchema = z.string().refine((code) => currencies.has(code), "must be an ISO 4217 code such as GBP");

/** Money that is owed or moves: whole minor units, more than nothing. */
export const amountSchema = z
  .int("must be a whole number of minor units: 1250 is 12.50 in GBP, 1250 in JPY, 1.250 in KWD")
  .min(1, "must be at least 1 minor unit")
  .max(MOST_AMOUNT, `must be at most ${MOST_AMOUNT} minor units`);

export const policySchema = z
  .strictObject({
    leastPart: amountSchema
      .nullable()
      .describe("The least that may be paid at once, in minor units; when null only the whole balance may be paid"),
    pauseDaysAfterPart: z
      .int()
      .min(0)
      .max(MOST_PAUSE_DAYS)
      .describe("For how many days nothing is sent after a part payment; 0 goes on with the new balance"),
    overpayment: z.enum(["refund", "credit"]).describe("Whether what is paid too much goes back, or stays as credit"),
    afterRefund: z
      .enum(["reopen", "hold"])
      .describe("Whether the chase begins again after a refund or a lost dispute, or is held until staff decide"),
    receipts: z.boolean().describe("Whether the client is thanked for a payment"),
  })
  .partial();

export const requestFields = {
  title: line(200),
  items: z
    .array(z.strictObject({ description: line(200), amount: amountSchema }))
    .min(1)
    .max(MOST_ITEMS)
    .refine((items) => items.reduce((all, { amount }) => all + amount, 0) <= MOST_AMOUNT, {
      error: `must add up to at most ${MOST_AMOUNT} minor units`,
    }),
  dueOn: dueDateSchema.nullable(),
  policy: policySchema.describe("Where it differs from the business's own"),
} as const;

/** What a bank transfer names it by. */
export const referenceSchema = z
  .string()
  .trim()
  .regex(/^[\w][\w ./-]{1,39}$/, "must have 2 to 40 letters, digits, blanks and . / - _");
