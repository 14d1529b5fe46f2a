import { parseArgs } from "node:util";
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
  lockfileCheck,
  sqlCheck,
  layoutCheck,
  wordsCheck,
  environmentCheck,
  featuresCheck,
];

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = values.only?.split(",").map((name) => name.trim());
const unknown = (wanted ?? []).filter((name) => !checks.some((check) => check.name === name));

if (unknown.length > 0) {
  console.error(`No check is called ${unknown.join(", ")}. There are: ${checks.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
} else {
  process.chdir(projectRoot);
  const reports = await runChecks(wanted ? checks.filter(({ name }) => wanted.includes(name)) : checks, {
    root: projectRoot,
    lanes: 2,
    report: print,
  });
  const failed = reports.filter(({ faults }) => faults.length > 0);
  console.log(`\n${reports.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

function print({ name, faults, tookMs }: CheckReport): void {
  const verdict = faults.length === 0 ? "ok  " : "FAIL";
  console.log(`${verdict} ${name.padEnd(13)} ${(tookMs / 1000).toFixed(1).padStart(5)} s`);
  for (const fault of faults) console.log(`     ${fault}`);
}
