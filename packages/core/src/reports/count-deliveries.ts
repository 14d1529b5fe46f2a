import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import { civilDateIn, daysAfter, startOfDay } from "@reminder-app/schedule/civil-date";
import { wallTimeIn } from "@reminder-app/schedule/zones";
import { type Ctx, inTransaction } from "../ctx.ts";
import {
  type CountBy,
  type CountKind,
  type DeliveryCount,
  type MadeCount,
  deliveryCountRepo,
} from "./delivery-counts.repo.ts";
import type { Period } from "./period.ts";

/** No transaction takes so long; what it changed is seen by the next count at the latest. */
const LONGEST_CHANGE_MS = 2 * MINUTE_MS;
/** So many days are counted in one statement at most. */
const DAYS_AT_ONCE = 31;
const BEGINNING = new Date(0);

/**
 * How many deliveries were made in a period, told apart by `kinds`. Days in which something changed since they were last counted
 * are counted again first, so the sums are the ledger's. For those who work with some clients only, all are counted now.
 */
export async function countDeliveries<Kind extends CountKind>(
  ctx: Ctx,
  period: Period,
  kinds: readonly Kind[],
): Promise<readonly CountBy<Kind>[]> {
  if (ctx.clientsOf !== undefined) return byLocalHour(await deliveryCountRepo(ctx).countMade(period), period.zone);
  return inTransaction(ctx, async (tx) => {
    await countAgain(tx, period.zone);
    return deliveryCountRepo(tx).read(period, kinds);
  });
}

async function countAgain(tx: Ctx, zone: string): Promise<void> {
  const repo = deliveryCountRepo(tx);
  const now = tx.now();
  const { timeZone, through } = await repo.lockMark({ timeZone: zone, through: BEGINNING });
  const moved = timeZone !== zone;
  if (moved) await repo.clear();
  const since = moved ? BEGINNING : after(through, -LONGEST_CHANGE_MS);
  const days = new Set((await repo.changedSince(since)).map((quarter) => civilDateIn(zone, quarter)));
  for (const run of runsOf([...days].toSorted())) {
    const [first = "", last = first] = [run[0], run.at(-1)];
    const span = { start: startOfDay(first, zone), end: startOfDay(daysAfter(last, 1), zone) };
    await repo.replaceDays(run, byLocalHour(await repo.countMade(span), zone));
  }
  await repo.setMark({ timeZone: zone, through: now });
}

/** Days, in their order, as runs without a gap. */
function runsOf(days: readonly string[]): string[][] {
  const runs: string[][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && run.length < DAYS_AT_ONCE && daysAfter(last, 1) === day) run.push(day);
    else runs.push([day]);
  }
  return runs;
}

/** Quarters of an hour put together to the days and hours that the clocks of `zone` show. */
function byLocalHour(made: readonly MadeCount[], zone: string): DeliveryCount[] {
  const counts = new Map<string, DeliveryCount>();
  for (const { madeAt, deliveries, ...kind } of made) {
    const wall = wallTimeIn(zone, madeAt);
    const row = { day: wall.slice(0, 10), hour: Number(wall.slice(11, 13)), ...kind };
    const key = Object.values(row).join("\n");
    counts.set(key, { ...row, deliveries: deliveries + (counts.get(key)?.deliveries ?? 0) });
  }
  return [...counts.values()];
}
