import type { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Period, type PeriodQuery, periodOf } from "./period.ts";
import { receivableRepo } from "./receivables.repo.ts";

/** Money that came within so many days of a message about it counts as collected by the message. */
export const COLLECTED_WITHIN_DAYS = 14;

/** Amounts are whole minor units of the currency. */
export interface PaymentLine {
  readonly currency: string;
  readonly payments: number;
  readonly received: number;
  readonly refunded: number;
  readonly disputed: number;
  /** What of it came within {@link COLLECTED_WITHIN_DAYS} days of a message about it. */
  readonly afterReminder: number;
  readonly requestsPaid: number;
  /** From the day on which it was asked for; null where nothing was paid in full. */
  readonly daysToPay: { readonly mean: number; readonly median: number } | null;
  /** From the due date, below 0 where it was paid early; null where no paid request had one. */
  readonly daysLate: { readonly mean: number; readonly median: number } | null;
}

export interface PaymentReport extends Pick<Period, "from" | "to"> {
  readonly currencies: readonly PaymentLine[];
}

/** What came in during a period, how long clients took, and what reminders brought in. */
export async function reportPayments(ctx: Ctx, query: z.output<typeof PeriodQuery>): Promise<PaymentReport> {
  const period = await periodOf(ctx, query);
  const repo = receivableRepo(ctx);
  const received = new Map((await repo.received(period)).map((row) => [row.currency, row]));
  const collected = new Map(
    (await repo.afterReminder({ ...period, days: COLLECTED_WITHIN_DAYS })).map((row) => [row.currency, row.amount]),
  );
  const paid = Map.groupBy(await repo.daysToPay(period), (row) => row.currency);
  const currencies = [...new Set([...received.keys(), ...paid.keys()])].toSorted();
  return {
    from: period.from,
    to: period.to,
    currencies: currencies.map((currency) => {
      const sums = received.get(currency);
      const rows = paid.get(currency) ?? [];
      return {
        currency,
        payments: sums?.payments ?? 0,
        received: sums?.amount ?? 0,
        refunded: sums?.refunded ?? 0,
        disputed: sums?.disputed ?? 0,
        afterReminder: collected.get(currency) ?? 0,
        requestsPaid: rows.reduce((all, row) => all + row.requests, 0),
        daysToPay: spread(rows.map(({ days, requests }) => ({ value: days, times: requests }))),
        daysLate: spread(
          rows.flatMap(({ late, requests }) => (late === null ? [] : [{ value: late, times: requests }])),
        ),
      };
    }),
  };
}

/** Mean and median of values that occur several times each, to a tenth; null of none. */
function spread(values: readonly { value: number; times: number }[]): { mean: number; median: number } | null {
  const all = values
    .toSorted((one, other) => one.value - other.value)
    .flatMap(({ value, times }) => Array<number>(times).fill(value));
  if (all.length === 0) return null;
  const middle = (all.length - 1) / 2;
  const median = ((all[Math.floor(middle)] ?? 0) + (all[Math.ceil(middle)] ?? 0)) / 2;
  return { mean: tenths(all.reduce((total, value) => total + value, 0) / all.length), median: tenths(median) };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
