import { parseArgs } from "node:util";
import { measuredBy, runVitest } from "../suites/run-vitest.ts";
import { type Requirement, type SecurityReport, faultsOf, filesOf, requirementsOf } from "../suites/security-report.ts";
import { type SuiteRun, withSuites } from "../suites/suite-run.ts";
import { readCoverage } from "../verify/features.ts";
import { projectRoot } from "../verify/project-files.ts";

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, seconds: { type: "string", default: "30" } },
});
const log = (line: string) => process.stderr.write(`· ${line}\n`);

await withSuites({ log }, async (suites) => {
  const coverage = await readCoverage(projectRoot);
  const files = filesOf(coverage);
  log(`running ${files.length} files of tests`);
  const { report: tests } = await runVitest(suites, { files, output: "shown as errors" });
  if (!tests || suites.interrupted()) throw new Error("The tests were ended before they could count");
  const requirements = requirementsOf(coverage, tests, projectRoot);
  const fuzzed = await fuzz(suites);
  const report: SecurityReport = {
    requirements: requirements.length,
    covered: requirements.filter(({ covered }) => covered).length,
    matrixCells: measuredBy(tests, "matrixCells"),
    matrixFailures: measuredBy(tests, "matrixFailures"),
    fuzzRequests: fuzzed.requests,
    fuzz5xx: fuzzed.fuzz5xx,
    canaryHits: measuredBy(tests, "canaryHits"),
  };
  if (values.json) console.log(JSON.stringify(report));
  else printTable(requirements, report);
  const faults = [...faultsOf(report, requirements), ...(fuzzed.code === 0 ? [] : ["the fuzzer has findings"])];
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
});

async function fuzz({ run }: SuiteRun): Promise<{ requests: number; fuzz5xx: number; code: number }> {
  const script = ["packages/tooling/src/commands/fuzz.ts", "--json", "--seconds", values.seconds];
  const { code, printed } = await run(script, "captured");
  if (printed === "") return { requests: 0, fuzz5xx: 0, code };
  return { ...(JSON.parse(printed) as { requests: number; fuzz5xx: number }), code };
}

function printTable(requirements: readonly Requirement[], report: SecurityReport): void {
  for (const { id, sentence, tests, covered } of requirements) {
    console.log(`${covered ? "ok  " : "FAIL"} ${id} ${sentence}`);
    for (const { file, title, passed } of tests) console.log(`        ${passed ? "ok  " : "FAIL"} ${file}: ${title}`);
  }
  console.table(report);
}
