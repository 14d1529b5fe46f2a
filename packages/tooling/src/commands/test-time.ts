import { parseArgs } from "node:util";
import { runVitest } from "../suites/run-vitest.ts";
import { withSuites } from "../suites/suite-run.ts";
import { familiesOf, timeFaultsOf } from "../suites/time-report.ts";
import { projectRoot, readFiles } from "../verify/project-files.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const log = (line: string) => process.stderr.write(`· ${line}\n`);

await withSuites({ log }, async (suites) => {
  const tests = await readFiles(projectRoot, { folders: ["packages", "apps"], pattern: /\.test\.ts$/ });
  const files = tests.filter(({ text }) => text.includes("countCases(")).map(({ path }) => path);
  log(`running ${files.length} files of tests`);
  const { report: results } = await runVitest(suites, { files, output: "shown as errors" });
  if (!results || suites.interrupted()) throw new Error("The tests were ended before they could count");
  const report = familiesOf(results);
  if (values.json) console.log(JSON.stringify(report));
  else console.table(report);
  const faults = timeFaultsOf(report, results);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
});
