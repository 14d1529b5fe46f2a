import { performance } from "node:perf_hooks";
import type { Check } from "./check.ts";

/** One check's outcome. Without faults it passed. */
export interface CheckReport {
  readonly name: string;
  readonly faults: readonly string[];
  readonly tookMs: number;
}

export interface RunOptions {
  readonly root: string;
  /** How many checks run side by side. */
  readonly lanes: number;
  /** Told as soon as a check has ended. */
  readonly report: (report: CheckReport) => void;
}

/** Runs every check, `lanes` at a time in the given order. A check that throws has failed with what it threw. */
export async function runChecks(checks: readonly Check[], options: RunOptions): Promise<readonly CheckReport[]> {
  const waiting = [...checks];
  const reports: CheckReport[] = [];

  const lane = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const report = await runCheck(check, options.root);
      reports.push(report);
      options.report(report);
    }
  };
  await Promise.all(Array.from({ length: options.lanes }, lane));
  return reports;
}

async function runCheck(check: Check, root: string): Promise<CheckReport> {
  const startedAt = performance.now();
  const faults = await check
    .run(root)
    .catch((error: unknown) => [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
  return { name: check.name, faults, tookMs: performance.now() - startedAt };
}
