import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Output, SuiteRun } from "./suite-run.ts";

/** What vitest's JSON reporter writes, as far as we read it. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    /** The whole path of the file. */
    readonly name: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

export interface TestResult {
  readonly title: string;
  readonly status: string;
  readonly meta?: { readonly measured?: Measured };
}

/** What a test has counted and says in `task.meta.measured`. */
type Measured = Readonly<Record<string, number>>;

/** What all tests together have counted under `name`. */
export function measuredBy({ testResults }: VitestReport, name: string): number {
  const all: readonly TestResult[] = testResults.flatMap(({ assertionResults }) => assertionResults);
  return all.reduce((sum, { meta }) => sum + (meta?.measured?.[name] ?? 0), 0);
}

/** Run the suites in these files, or all. No report: the run was ended before it could count. */
export async function runVitest(
  { folder, run }: SuiteRun,
  { files, output }: { readonly files: readonly string[]; readonly output?: Output },
): Promise<{ code: number; report: VitestReport | undefined }> {
  const file = join(folder, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${file}`];
  const config = ["--config", "packages/testing/vitest.config.ts"];
  const { code } = await run(["node_modules/vitest/vitest.mjs", "run", ...config, ...reporters, ...files], output);
  return { code, report: existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as VitestReport) : undefined };
}
