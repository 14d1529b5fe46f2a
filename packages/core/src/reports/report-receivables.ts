import { civilDateIn } from "@reminder-app/schedule/civil-date";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { receivableRepo } from "./receivables.repo.ts";

/** How long what is owed has been overdue, in days; the last one has no end. */
export const ages = [
  { age: "not_due", most: 0 },
  { age: "1-30", most: 30 },
  { age: "31-60", most: 60 },
  { age: "61-90", most: 90 },
  { age: "over_90", most: Number.POSITIVE_INFINITY },
] as const;

/** Amounts are whole minor units of the currency. */
export interface Aged {
  readonly age: (typeof ages)[number]["age"];
  readonly requests: number;
  /** What is still owed. */
  readonly amount: number;
  /** What of it is on its way. */
  readonly processing: number;
}

export interface Receivables {
  /** Today, in the business's zone. */
  readonly asOf: string;
  readonly currencies: readonly {
    readonly currency: string;
    readonly all: Omit<Aged, "age">;
    readonly ages: readonly Aged[];
  }[];
}

/** What clients owe today, by currency and by how long it has been overdue. */
export async function reportReceivables(ctx: Ctx): Promise<Receivables> {
  const { timeZone } = await businessRepo(ctx).get();
  const asOf = civilDateIn(timeZone, ctx.now());
  const open = await receivableRepo(ctx).open(asOf);
  const currencies = [...new Set(open.map(({ currency }) => currency))].toSorted();
  return {
    asOf,
    currencies: currencies.map((currency) => {
      const theirs = open.filter((row) => row.currency === currency);
      return {
        currency,
        all: sumOf(theirs),
        ages: ages.map(({ age }) => ({ age, ...sumOf(theirs.filter((row) => ageOf(row.daysOverdue) === age)) })),
      };
    }),
  };
}

function ageOf(days: number): Aged["age"] {
  return ages.find(({ most }) => days <= most)?.age ?? "over_90";
}

function sumOf(rows: readonly Omit<Aged, "age">[]): Omit<Aged, "age"> {
  const sums = { requests: 0, amount: 0, processing: 0 };
  for (const { requests, amount, processing } of rows) {
    sums.requests += requests;
    sums.amount += amount;
    sums.processing += processing;
  }
  return sums;
}
