import { generateClient } from "../client/generate-client.ts";
import { ensureBrowser } from "../services/browser.ts";
import { runVitest } from "../suites/run-vitest.ts";
import { type SuiteRun, withSuites } from "../suites/suite-run.ts";
import { projectRoot } from "../verify/project-files.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const args = process.argv.slice(2);
const onMySql = args.includes("--mysql");
const chosen = args.filter((arg) => arg !== "--mysql");
const log = (line: string) => console.log(`· ${line}`);

/** What the suite consists of, in order. A choice of suites (`npm test -- some/path`) and the MySQL leg are the first step only. */
const steps: ((suites: SuiteRun) => Promise<Counts>)[] = [runSuites];
if (chosen.length === 0 && !onMySql) {
  steps.push((suites) => runCommand(suites, ["chaos", "--deliveries", "200", "--seconds", "25"]));
  // The same seed each time, so that what fails is the change; npm run fuzz looks further.
  steps.push((suites) => runCommand(suites, ["fuzz", "--seconds", "30", "--seed", "7"]));
}

await generateClient(projectRoot);
await ensureBrowser(log);
await withSuites({ onMySql, log }, async (suites) => {
  const counts: Counts[] = [];
  for (const step of steps) if (!suites.interrupted()) counts.push(await step(suites));
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || suites.interrupted() ? 1 : 0;
});

/** All vitest suites, on the servers that were started. A test that did not run counts as failed. */
async function runSuites(suites: SuiteRun): Promise<Counts> {
  const { code, report } = await runVitest(suites, { files: chosen });
  if (!report) return { passed: 0, failed: 1 };
  const failed = report.numFailedTests + report.numPendingTests;
  return { passed: report.numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
}

/** Another command of this folder, which counts as one test. */
async function runCommand({ run }: SuiteRun, [name = "", ...rest]: readonly string[]): Promise<Counts> {
  const { code } = await run([`packages/tooling/src/commands/${name}.ts`, ...rest]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
