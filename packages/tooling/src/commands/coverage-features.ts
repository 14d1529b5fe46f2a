import { parseArgs } from "node:util";
import { type Coverage, readCoverage } from "../verify/features.ts";
import { projectRoot } from "../verify/project-files.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, require: { type: "string" } } });
const coverage = await readCoverage(projectRoot);

if (values.json) console.log(JSON.stringify(coverage.rows, undefined, 2));
else printTable(coverage.rows);

const faults = [...coverage.unknown, ...lacking(coverage, values.require?.split(",") ?? [])];
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;

/** Which of the `required` ids no test proves. */
function lacking({ rows }: Coverage, required: readonly string[]): readonly string[] {
  return required
    .map((id) => id.trim())
    .filter((id) => !rows.some((row) => row.id === id && row.tests.length > 0))
    .map((id) => `${id} has no test`);
}

function printTable(rows: Coverage["rows"]): void {
  for (const { id, sentence, class: rank, postponed, tests } of rows) {
    console.log(
      `${id.padEnd(4)} ${(postponed ? "postponed" : rank).padEnd(9)} ${tests.length > 0 ? "x" : " "} ${sentence}`,
    );
    for (const { file, title } of tests) console.log(`${" ".repeat(18)}${file}: ${title}`);
  }
  const proven = rows.filter(({ tests }) => tests.length > 0).length;
  console.log(`\n${proven} of ${rows.length} have a test`);
}
