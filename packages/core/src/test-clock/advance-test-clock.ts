import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@reminder-app/platform/clock";
import { invalid } from "@reminder-app/platform/errors";
import { newId } from "@reminder-app/platform/ids";
import { laterBy } from "@reminder-app/schedule/later";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { createComposer } from "../deliveries/hand-over.ts";
import { instantOfClock, requireReachable } from "./clock-input.ts";
import type { Desk } from "./deliver-due.ts";
import { atInstant } from "./on-test-clock.ts";
import { type Passed, passMoment } from "./pass-moment.ts";
import { requireTestClock } from "./require-test-clock.ts";
import { testClockRepo } from "./test-clock.repo.ts";

const by = z
  .strictObject({
    months: z.int().min(0).max(300),
    days: z.int().min(0).max(9_000),
    hours: z.int().min(0).max(200_000),
    minutes: z.int().min(0).max(10_000_000),
  })
  .partial()
  .describe("Months and days on the calendar of the business's zone, then hours and minutes");

export const AdvanceTestClockInput = z
  .strictObject({ to: instantOfClock.optional(), by: by.optional() })
  .refine(({ to, by: span }) => (to === undefined) !== (span === undefined), {
    error: "Say either to, an instant, or by, how far",
    path: ["to"],
  });

export interface AdvancedTestClock {
  readonly now: Date;
  /** Where it was to go; name it as `to` to go on when it was not reached. */
  readonly to: Date;
  readonly reached: boolean;
  readonly sent: number;
  readonly skipped: number;
  readonly failed: number;
}

/** Callers wait no longer than this, and a moment. */
const BUDGET_MS = 8 * SECOND_MS;
/** What another transaction holds is looked at again after this. */
const HELD_MS = 20;

/**
 * Let the time of a test business pass: plan and send what comes due, in the order of time, up to an instant. It stops
 * on the way after some seconds; then `reached` is false. Throws `conflict` in a live business, and when another request
 * moves the clock.
 */
export async function advanceTestClock(
  ctx: Ctx,
  input: z.output<typeof AdvanceTestClockInput>,
  options: Omit<Desk, "composer">,
): Promise<AdvancedTestClock> {
  requireRole(ctx, "admin", "advance the test clock");
  requireTestClock(ctx);
  const from = ctx.now();
  const to = await targetOf(ctx, input);
  const firstMade = newId<"Delivery">();
  const asClock: Ctx = { ...ctx, actor: { kind: "system", job: "test-clock" } };
  const total = await passUntil(asClock, { from, to }, { ...options, composer: createComposer() });
  return inTransaction(atInstant(ctx, total.at), async (tx) => {
    await testClockRepo(tx).settleOccurrences(total.at);
    const skipped = total.leftOut + (await testClockRepo(tx).countSkippedSince(firstMade));
    const { at: now, done: reached, sent, failed } = total;
    await recordAudit(tx, "test_clock.advanced", { entityId: tx.businessId, from, to: now, sent, skipped, failed });
    return { now, to, reached, sent, skipped, failed };
  });
}

async function targetOf(ctx: Ctx, { to, by: span }: z.output<typeof AdvanceTestClockInput>): Promise<Date> {
  const { timeZone } = await businessRepo(ctx).get();
  const target = to ?? laterBy(ctx.now(), span ?? {}, timeZone);
  const field = to ? "to" : "by";
  if (target < ctx.now())
    throw invalid(field, `is before ${ctx.now().toISOString()}, where the clock stands; it only goes forward`);
  requireReachable(field, { from: ctx.now(), to: target });
  return target;
}

async function passUntil(ctx: Ctx, { from, to }: { from: Date; to: Date }, desk: Desk): Promise<Passed> {
  const startedAt = performance.now();
  const total = { at: from, done: false, due: 0, sent: 0, failed: 0, leftOut: 0 };
  let resumes = true;
  while (!total.done && performance.now() - startedAt < BUDGET_MS) {
    const { at, done, ...counts } = await passMoment(ctx, { at: total.at, to, resumes }, desk);
    resumes = at.getTime() === total.at.getTime();
    if (!done && resumes && counts.due > 0 && counts.sent + counts.failed + counts.leftOut === 0) await sleep(HELD_MS);
    Object.assign(total, { at, done });
    for (const name of ["due", "sent", "failed", "leftOut"] as const) total[name] += counts[name];
  }
  return total;
}
