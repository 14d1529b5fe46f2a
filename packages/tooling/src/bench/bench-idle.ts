import { setTimeout as sleep } from "node:timers/promises";
import { importJobRepo } from "@reminder-app/core/system/import-jobs.repo";
import { inboundMessageRepo } from "@reminder-app/core/system/inbound-messages.repo";
import { overdueRepo } from "@reminder-app/core/system/overdue.repo";
import { reminders } from "@reminder-app/db/schema/reminders";
import { count, eq } from "drizzle-orm";
import { insertActive } from "./active-reminders.ts";
import type { BenchSetting } from "./bench-setting.ts";
import { median, round } from "./pairs.ts";

const PASSES = 50;
const MOST = 2_000;
const SETTLE_MS = 10_000;
const WATCHED_MS = 30_000;

/** What it costs to wait for many reminders of which none is due. */
export interface IdleResult {
  readonly id: string;
  readonly active: number;
  /** All statements of one pass of the sweep, the median pass. */
  readonly sweepMs: number;
  readonly goalSweepMs: number;
  /** Part of one core that a worker uses. */
  readonly cpuShare: number;
  readonly goalCpuShare: number;
}

/** T8: a worker and its sweep among `active` reminders, with nothing to do. */
export async function benchIdle(
  setting: BenchSetting,
  { id, active }: { id: string; active: number },
): Promise<IdleResult> {
  const { db, id: businessId } = setting.business;
  const [present] = await db.select({ rows: count() }).from(reminders).where(eq(reminders.status, "active"));
  for await (const _rows of insertActive(db, businessId, Math.max(0, active - (present?.rows ?? 0))));
  await sleep(SETTLE_MS);
  const sweepMs = await sweepTime(setting);
  const worker = await setting.start<unknown>("apps/worker/src/main.ts");
  await sleep(SETTLE_MS);
  const before = await worker.cpuUs();
  await sleep(WATCHED_MS);
  const cpuShare = ((await worker.cpuUs()) - before) / 1_000 / WATCHED_MS;
  await worker.stop();
  return { id, active, sweepMs: round(sweepMs, 2), goalSweepMs: 5, cpuShare: round(cpuShare, 4), goalCpuShare: 0.01 };
}

/** What no sweep asks. */
type OfMetrics = "oldestDueAt" | "missedSince";

async function sweepTime({ business: { db } }: BenchSetting): Promise<number> {
  const repo = overdueRepo(db);
  const pass = {
    expireLeases: (now) => repo.expireLeases(now, MOST),
    settleOccurrences: (now) => repo.settleOccurrences(now, MOST),
    remindersToPlan: (now) => repo.remindersToPlan(now, MOST),
    remindersToExpand: (now) => repo.remindersToExpand(now, MOST),
    remindersToResume: (now) => repo.remindersToResume(now, MOST),
    holdsToEnd: (now) => repo.holdsToEnd(now, MOST),
    deliveriesToSend: (now) => repo.deliveriesToSend(now, MOST),
    eventsToApply: (now) => repo.eventsToApply(now, MOST),
    accountMailsToSend: (now) => repo.accountMailsToSend(now, MOST),
  } satisfies Record<Exclude<keyof typeof repo, OfMetrics>, (now: Date) => Promise<unknown>>;
  const times: number[] = [];
  for (let done = 0; done < PASSES; done += 1) {
    const startedAt = performance.now();
    const now = new Date();
    for (const statement of Object.values(pass)) await statement(now);
    await importJobRepo(db).importsToRun(MOST);
    await inboundMessageRepo(db).helpToAnswer({ since: now, before: now }, MOST);
    times.push(performance.now() - startedAt);
  }
  return median(times);
}
