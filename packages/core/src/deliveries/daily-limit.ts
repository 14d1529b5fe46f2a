import { DAY_MS } from "@reminder-app/platform/clock";
import type { Ctx } from "../ctx.ts";
import type { Verdict } from "./check-sendable.ts";
import { dailyUsageRepo } from "./daily-usage.repo.ts";
import type { Delivery, SendContext } from "./deliveries.repo.ts";

interface Sendable {
  readonly delivery: Delivery;
  readonly context: SendContext;
  readonly verdict: Verdict;
}

/**
 * Let as many messages go as the business may send on this day (UTC), and count them. The others wait for the next
 * day, or expire when that is too late. A message counts once, with its first try; sent again by hand it counts again.
 */
export async function keepDailyLimit<Judged extends Sendable>(
  tx: Ctx,
  judged: readonly Judged[],
  { now, sendsPerDay }: { now: Date; sendsPerDay: number },
): Promise<Judged[]> {
  const counted = judged.filter(({ verdict, delivery }) => verdict.kind === "send" && delivery.tries === 0);
  const [first] = counted;
  if (!first) return [...judged];
  const limit = Math.min(sendsPerDay, first.context.business.dailySends ?? sendsPerDay);
  const granted = await dailyUsageRepo(tx).take(now.toISOString().slice(0, 10), { wanted: counted.length, limit });
  const over = new Set(counted.slice(granted));
  return judged.map((one) => (over.has(one) ? { ...one, verdict: untilTomorrow(one.delivery, now) } : one));
}

function untilTomorrow({ expiresAt }: Delivery, now: Date): Verdict {
  const tomorrow = new Date((Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS);
  return tomorrow < expiresAt
    ? { kind: "wait", until: tomorrow, reason: "daily_limit" }
    : { kind: "stop", state: "expired", reason: "daily_limit" };
}
