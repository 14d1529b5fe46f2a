import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { SystemCtx } from "../ctx.ts";
import { deleteEventsBefore } from "./old-events.repo.ts";

/** Providers repeat a report for a week at most, and nobody asks after it for longer than this. */
const KEPT_MS = 90 * DAY_MS;
const AT_ONCE = 1_000;

/** Delete what providers told long ago, and from whom a word came, some at a time. Answers how many. */
export function forgetEvents({ db, now }: Pick<SystemCtx, "db" | "now">): Promise<number> {
  return deleteEventsBefore(db, after(now(), -KEPT_MS), AT_ONCE);
}
