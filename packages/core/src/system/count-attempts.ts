import { HOUR_MS, after } from "@reminder-app/platform/clock";
import type { SystemCtx } from "../ctx.ts";
import { attemptStatistics } from "./statistics.repo.ts";

/** How many calls to providers were started in the last hour, by channel and outcome, over all businesses. */
export function countAttempts(system: SystemCtx): Promise<{ channel: string; outcome: string; count: number }[]> {
  return attemptStatistics(system.db).since(after(system.now(), -HOUR_MS));
}
