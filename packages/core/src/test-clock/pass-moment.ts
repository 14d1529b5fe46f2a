import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { endHold } from "../assignments/release-assignment.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { endPauseOfReminder } from "../reminders/pause-reminder.ts";
import { plan } from "../occurrences/plan.ts";
import { type Delivered, type Desk, deliverDue } from "./deliver-due.ts";
import { atInstant } from "./on-test-clock.ts";
import { earliest, testClockRepo } from "./test-clock.repo.ts";

/** One transaction plans and sends about so many messages; what is more goes in the next ones, at the same instant. */
const BATCH = 2_000;

export interface Passed extends Delivered {
  /** Where the clock stands now. */
  readonly at: Date;
  /** Nothing more is to be done up to there. */
  readonly done: boolean;
}

export interface Passage {
  readonly at: Date;
  readonly to: Date;
  /** Look for fan-outs that were broken off, too. */
  readonly resumes: boolean;
}

/**
 * Do what is due at the instant `at` of the test clock, and when all is done move the clock on: to the next instant at
 * which there is something to do, or to `to`, whichever comes first. One transaction, so that a process which ends in
 * it leaves the instant as it was. Throws `conflict` when the clock no longer stands at `at`.
 */
export async function passMoment(ctx: Ctx, { at, to, resumes }: Passage, desk: Desk): Promise<Passed> {
  return inTransaction(ctx, async (joined) => {
    const tx = atInstant(joined, at);
    await lockClock(tx);
    await endPauses(tx);
    const planned = await planDue(tx, { resumes });
    const delivered = await deliverDue(tx, desk, BATCH);
    const next = await nextMoment(tx);
    if (!planned.finished || (next && next <= at)) return { ...delivered, at, done: false };
    if (at >= to) return { ...delivered, at, done: true };
    const isReached = !next || next > to;
    await testClockRepo(tx).moveTo(isReached ? to : next);
    return { ...delivered, at: isReached ? to : next, done: isReached };
  });
}

/** Let no one else move the clock until the transaction ends. Throws `conflict` when it was moved since it was read. */
export async function lockClock(tx: Ctx): Promise<void> {
  const standsAt = await testClockRepo(tx).lock();
  if (standsAt?.getTime() === tx.now().getTime()) return;
  throw new AppError("conflict", "The test clock is being moved by another request; look where it stands, then go on");
}

/** The next instant at which there is something to do; it is not later than now when something is due. */
export async function nextMoment(ctx: Ctx): Promise<Date | null> {
  const clock = testClockRepo(ctx);
  const now = ctx.now();
  return earliest([await clock.nextSend(), await clock.nextPlanning(now), await clock.nextPauseEnd(now)]);
}

/** As the sweep does it. */
async function endPauses(tx: Ctx): Promise<void> {
  const clock = testClockRepo(tx);
  for (const id of await clock.remindersToResume(tx.now())) await endPauseOfReminder(tx, id);
  for (const key of await clock.holdsToEnd(tx.now())) await endHold(tx, key);
}

async function planDue(tx: Ctx, { resumes }: Pick<Passage, "resumes">): Promise<{ finished: boolean }> {
  const clock = testClockRepo(tx);
  const due = new Set<Id<"Reminder">>(await clock.remindersToPlan(tx.now()));
  if (resumes) for (const id of await clock.remindersToExpand()) due.add(id);
  let queued = 0;
  for (const id of due) {
    for await (const chunk of plan(tx, id, 0)) {
      queued += chunk.length;
      if (queued >= BATCH) return { finished: false };
    }
  }
  return { finished: true };
}
