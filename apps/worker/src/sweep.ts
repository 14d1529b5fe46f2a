import { setTimeout as sleep } from "node:timers/promises";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { importJobRepo } from "@reminder-app/core/system/import-jobs.repo";
import { inboundMessageRepo } from "@reminder-app/core/system/inbound-messages.repo";
import { type DueDelivery, overdueRepo } from "@reminder-app/core/system/overdue.repo";
import { overduePaymentRepo } from "@reminder-app/core/system/overdue-payments.repo";
import { endpointsToCall } from "@reminder-app/core/system/webhook-businesses.repo";
import { MINUTE_MS, SECOND_MS, after } from "@reminder-app/platform/clock";
import type { Logger } from "@reminder-app/platform/log";
import {
  enqueueAccountMails,
  enqueueDeliveries,
  enqueueEvents,
  enqueueHelp,
  enqueueImports,
  enqueuePaymentEvents,
  enqueuePlanning,
  enqueueWebhooks,
  enqueueReviews,
} from "@reminder-app/queues/enqueue";
import type { Producer } from "@reminder-app/queues/producer";
import { LEAD_MS } from "@reminder-app/queues/repeat-strategy";
import { endPauses } from "./end-pauses.ts";

const EVERY_MS = 2 * SECOND_MS;
/** A job gets this long to come by itself. */
const PATIENCE_MS = 2 * SECOND_MS;
/** A timer rings so early that it gets longer: many that ring at once are in hand, not lost. */
const TIMER_PATIENCE_MS = LEAD_MS / 3;
/** The same for mail about accounts, which may wait a little longer. */
const MAIL_PATIENCE_MS = 10 * SECOND_MS;
/** A fan-out that has not moved for this long lost its job. */
const STUCK_MS = 10 * SECOND_MS;
/** Help that comes later than this is none. */
const HELP_MS = 15 * MINUTE_MS;
const MOST = 2_000;
const MOST_PAGES = 10;

export interface SweepDeps {
  readonly system: SystemCtx;
  readonly producer: Producer;
  readonly log: Logger;
}

/**
 * Put back on its queue whatever MySQL says is overdue. It never asks Redis what it still has: an id that is still
 * there makes the addition a no-op, and a job too many finds nothing to claim. So losing Redis costs seconds.
 */
export async function sweepOnce({ system, producer, log }: SweepDeps): Promise<void> {
  const now = system.now();
  const overdue = overdueRepo(system.db);
  const late = after(now, -PATIENCE_MS);

  const expired = await overdue.expireLeases(now, MOST);
  if (expired > 0) log.warn({ count: expired }, "leases ran out; the outcome of these sends is unknown");
  await endPauses({ system, log });
  await overdue.settleOccurrences(now, MOST / 10);

  await enqueuePlanning(producer, await overdue.remindersToPlan(after(now, LEAD_MS - TIMER_PATIENCE_MS), MOST));
  await enqueuePlanning(producer, await overdue.remindersToExpand(after(now, -STUCK_MS), MOST));
  const waiting = Map.groupBy(await overdueDeliveries(overdue, late), ({ businessId }) => businessId);
  for (const [businessId, rows] of waiting) {
    await enqueueDeliveries(
      producer,
      businessId,
      rows.map(({ deliveryId, channel, fence }) => ({ id: deliveryId, channel, fence })),
    );
  }
  await enqueueEvents(producer, await overdue.eventsToApply(late, MOST));
  await sweepPayments({ system, producer }, now);
  await enqueueAccountMails(producer, await overdue.accountMailsToSend(after(now, -MAIL_PATIENCE_MS), MOST));
  await enqueueWebhooks(producer, await endpointsToCall(system.db, now, MOST));
  await enqueueImports(producer, await importJobRepo(system.db).importsToRun(MOST));
  const asked = { since: after(now, -HELP_MS), before: late };
  await enqueueHelp(producer, await inboundMessageRepo(system.db).helpToAnswer(asked, MOST));
}

async function sweepPayments({ system, producer }: Omit<SweepDeps, "log">, now: Date): Promise<void> {
  const overdue = overduePaymentRepo(system.db);
  await enqueuePaymentEvents(producer, await overdue.eventsToApply(after(now, -PATIENCE_MS), MOST));
  await enqueueReviews(producer, "checkout", await overdue.checkoutsToReview(now, MOST));
  await enqueueReviews(producer, "payment", await overdue.paymentsToAskAfter(now, MOST));
}

/** Page after page, so that deliveries which cannot move do not hide those whose job was lost. */
async function overdueDeliveries(overdue: ReturnType<typeof overdueRepo>, late: Date): Promise<DueDelivery[]> {
  const found: DueDelivery[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const rows = await overdue.deliveriesToSend(late, MOST, found.at(-1));
    found.push(...rows);
    if (rows.length < MOST) break;
  }
  return found;
}

/** Sweep every 2 s until `signal` aborts. `alive` hears of every pass that was whole; faults are logged, and the next pass tries again. */
export async function runSweep(deps: SweepDeps & { readonly alive: () => void }, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sweepOnce(deps).then(deps.alive, (error: unknown) =>
      deps.log.warn({ error }, "the sweep could not finish; it comes back"),
    );
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
