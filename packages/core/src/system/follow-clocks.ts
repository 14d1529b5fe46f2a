import { clockVersion } from "@reminder-app/schedule/tz-floor";
import { type Ctx, type SystemCtx, actFor } from "../ctx.ts";
import { byItsClock } from "../test-clock/on-test-clock.ts";
import { rederiveReminder } from "../zone-data/rederive-reminder.ts";
import { clocksRepo } from "./clocks.repo.ts";
import { installationRepo } from "./installation.repo.ts";
import type { DueReminder } from "./overdue.repo.ts";

const PAGE = 500;

/** What was done because due moments had been worked out with other zone data. */
export interface Followed {
  /** Undefined: nobody had kept it. */
  readonly from: string | undefined;
  readonly to: string;
  readonly reminders: number;
  /** How many of them could not be: their zone is none that this runtime knows. They stay as they were. */
  readonly unknown: number;
}

/**
 * Where the due moments of the installation were worked out with another version of the time zone data, work them out
 * again, reminder by reminder, and keep the version. Undefined: it was the same. Several workers may do so at once, and
 * one that is stopped begins anew when it next starts. Throws the reason of `system.signal` when that is aborted.
 */
export async function followClocks(system: SystemCtx, to: string = clockVersion()): Promise<Followed | undefined> {
  const repo = installationRepo(system.db);
  const from = await repo.get("clock_version");
  if (from === to) return undefined;
  let [reminders, unknown] = [0, 0];
  let cursor: DueReminder | undefined;
  do {
    const page = await clocksRepo(system.db).unfinishedReminders(cursor, PAGE);
    for (const { businessId, reminderId } of page) {
      system.signal?.throwIfAborted();
      const ctx = actFor(system, businessId, "zone-data");
      unknown += await rederive(ctx, reminderId);
    }
    reminders += page.length;
    cursor = page.at(-1);
  } while (cursor);
  await repo.set("clock_version", to, system.now());
  return { from, to, reminders, unknown };
}

/** One that cannot be worked out keeps no other one waiting. Answers how many that were. */
async function rederive(ctx: Ctx, reminderId: DueReminder["reminderId"]): Promise<0 | 1> {
  try {
    await rederiveReminder(await byItsClock(ctx), reminderId);
    return 0;
  } catch (thrown) {
    if (thrown instanceof RangeError) return 1;
    throw thrown;
  }
}
