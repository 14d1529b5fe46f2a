import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { SystemCtx } from "../ctx.ts";
import { throttleRepo } from "./throttles.repo.ts";

/** Counters have decayed long before. */
const COUNTED_MS = DAY_MS;
/** A network from which nobody signed in for so long is a stranger's again. */
const KNOWN_MS = 90 * DAY_MS;
const AT_ONCE = 1_000;

/** Delete what slows nobody down any more, some rows at a time. Answers how many. */
export async function forgetThrottles({ db, now }: Pick<SystemCtx, "db" | "now">): Promise<number> {
  const at = now();
  return throttleRepo(db).deleteOld({ counted: after(at, -COUNTED_MS), marked: after(at, -KNOWN_MS) }, AT_ONCE);
}
