import { parseArgs } from "node:util";
import { generateClient } from "../client/generate-client.ts";
import { auditCheck } from "../verify/audit.ts";
import { configurationCheck } from "../verify/configuration.ts";
import { declarationsCheck } from "../verify/declarations.ts";
import { environmentCheck } from "../verify/environment-reads.ts";
import { featuresCheck } from "../verify/features.ts";
import { layoutCheck } from "../verify/layout.ts";
import { lockfileCheck } from "../verify/lockfile.ts";
import { openApiCheck } from "../verify/openapi.ts";
import { projectRoot } from "../verify/project-files.ts";
import { type CheckReport, runChecks } from "../verify/run-checks.ts";
import { sqlCheck } from "../verify/sql-rules.ts";
import { supplyChainCheck } from "../verify/supply-chain.ts";
import { deadCodeCheck, formatCheck, importsCheck, lintCheck, typesCheck } from "../verify/tool-checks.ts";
import { wordsCheck } from "../verify/words.ts";

/** The slowest first, so that two lanes end together. */
const checks = [
  typesCheck,
  lintCheck,
  openApiCheck,
  deadCodeCheck,
  importsCheck,
  formatCheck,
  declarationsCheck,
  configurationCheck,
  auditCheck,
  lockfileCheck,
  supplyChainCheck,
  sqlCheck,
  layoutCheck,
  wordsCheck,
  environmentCheck,
  featuresCheck,
];

/** With `--require-answers` a check that nobody answers fails: for releases, where the registry has to be reachable. */
const { values } = parseArgs({
  options: { only: { type: "string" }, "require-answers": { type: "boolean", default: false } },
});
const required = values["require-answers"];
const wanted = values.only?.split(",").map((name) => name.trim());
const unknown = (wanted ?? []).filter((name) => !checks.some((check) => check.name === name));

if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(", ")}. There are: ${checks.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
} else {
  process.chdir(projectRoot);
  await generateClient(projectRoot);
  const reports = await runChecks(wanted ? checks.filter(({ name }) => wanted.includes(name)) : checks, {
    root: projectRoot,
    lanes: 2,
    report: print,
  });
  const unanswered = reports.filter((report) => report.unanswered !== undefined);
  const failed = reports.filter((report) => !passed(report) && (report.unanswered === undefined || required));
  if (unanswered.length > 0) console.log(`\nNot checked: ${unanswered.map(({ name }) => name).join(", ")}`);
  console.log(`\n${reports.filter(passed).length} passed, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

function passed({ faults, unanswered }: CheckReport): boolean {
  return faults.length === 0 && unanswered === undefined;
}

function print(report: CheckReport): void {
  const { name, faults, unanswered, tookMs } = report;
  const verdict = passed(report) ? "ok  " : unanswered === undefined || required ? "FAIL" : "????";
  console.log(`${verdict} ${name.padEnd(13)} ${(tookMs / 1000).toFixed(1).padStart(5)} s`);
  for (const line of unanswered === undefined ? faults : [unanswered]) console.log(`     ${line}`);
}
