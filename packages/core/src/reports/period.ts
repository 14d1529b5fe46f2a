import { invalid } from "@reminder-app/platform/errors";
import { civilDateIn, civilDateSchema, daysAfter, daysBetween, startOfDay } from "@reminder-app/schedule/civil-date";
import { z } from "zod";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";

const MOST_DAYS = 366;
const USUAL_DAYS = 30;

export const PeriodQuery = z.strictObject({
  from: civilDateSchema
    .optional()
    .describe("The first day, in the business's zone; 29 days before the last one when left out"),
  to: civilDateSchema.optional().describe("The last day, which is included; today when left out"),
});

/** Some days of a business, and the instants between which they lie. */
export interface Period {
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  readonly start: Date;
  /** The first instant after the period. */
  readonly end: Date;
}

/** The days that a report is about. Throws `validation_failed` when they are none, or too many. */
export async function periodOf(ctx: Ctx, query: z.output<typeof PeriodQuery>): Promise<Period> {
  const { timeZone: zone } = await businessRepo(ctx).get();
  const to = query.to ?? civilDateIn(zone, ctx.now());
  const from = query.from ?? daysAfter(to, 1 - USUAL_DAYS);
  const days = daysBetween(from, to) + 1;
  if (days < 1) throw invalid("from", `must be ${to} or earlier, the last day of the report`);
  if (days > MOST_DAYS)
    throw invalid(
      "from",
      `must be ${daysAfter(to, 1 - MOST_DAYS)} or later: a report is about ${MOST_DAYS} days at most`,
    );
  return { from, to, zone, start: startOfDay(from, zone), end: startOfDay(daysAfter(to, 1), zone) };
}
