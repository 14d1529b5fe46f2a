import { DAY_MS, HOUR_MS, SECOND_MS, after } from "@reminder-app/platform/clock";
import { backOffMs } from "../deliveries/back-off.ts";

/** For so long a call is tried, from its first try on. */
const TRIED_MS = 3 * DAY_MS;
const BACK_OFF = { baseMs: 15 * SECOND_MS, capMs: 2 * HOUR_MS };
/** A receiver may say when it wants to be called again, within these bounds. */
const SOONEST_MS = 5 * SECOND_MS;
const LATEST_MS = 6 * HOUR_MS;

export interface Failed {
  readonly now: Date;
  readonly tries: number;
  readonly firstTriedAt: Date;
  /** What the receiver asked for. */
  readonly retryAt?: Date | undefined;
}

/** When a call that failed is tried again; undefined when its three days are over. The last try comes at their end. */
export function nextTryAt({ now, tries, firstTriedAt, retryAt }: Failed, random = Math.random): Date | undefined {
  const end = after(firstTriedAt, TRIED_MS);
  if (now >= end) return undefined;
  const wait = retryAt
    ? Math.min(Math.max(retryAt.getTime() - now.getTime(), SOONEST_MS), LATEST_MS)
    : backOffMs(tries, BACK_OFF, random);
  const nextAt = after(now, wait);
  return nextAt < end ? nextAt : end;
}
