import { performance } from "node:perf_hooks";
import { type Check, CouldNotAsk } from "./check.ts";

/** One check's outcome. Without faults it passed, unless it could not ask what it had to. */
export interface CheckReport {
  readonly name: string;
  readonly faults: readonly string[];
  /** Why nobody answered what the check had to ask. */
  readonly unanswered?: string;
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
  const outcome = await check.run(root).then((faults) => ({ faults }), failure);
  return { name: check.name, ...outcome, tookMs: performance.now() - startedAt };
}

function failure(thrown: unknown): Pick<CheckReport, "faults" | "unanswered"> {
  if (thrown instanceof CouldNotAsk) return { faults: [], unanswered: thrown.message };
  return { faults: [thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)] };
}
