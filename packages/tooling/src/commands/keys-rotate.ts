import { parseArgs } from "node:util";
import { type RotationStep, rotateKeys } from "@reminder-app/core/system/rotate-keys";
import { withSystem } from "../keys/open-system.ts";

const { values } = parseArgs({
  options: {
    "dry-run": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    batch: { type: "string", default: "500" },
  },
});
let current = "";
let lastAt = performance.now();
let startedAt = lastAt;

const batch = Number(values.batch);

if (!Number.isInteger(batch) || batch < 1 || batch > 10_000) {
  console.error("--batch must be a number from 1 to 10000");
  process.exitCode = 1;
} else {
  await withSystem(async (system, { ENCRYPTION_KEYS, LOOKUP_KEYS }) => {
    const newest = [[...ENCRYPTION_KEYS.keys()][0], [...LOOKUP_KEYS.keys()][0]];
    if (!values.json) console.log(`To encryption key ${newest[0]} and look-up key ${newest[1]}`);
    for await (const step of rotateKeys(system, { batch, dryRun: values["dry-run"] })) tell(step);
  });
}

function tell(step: RotationStep): void {
  if (step.failures.length > 0) process.exitCode = 1;
  if (values.json) return console.log(JSON.stringify(step));
  const { kind, column, done, total, changed, failures } = step;
  const verb = values["dry-run"] ? "to write" : "written";
  const rate = done > 0 ? `, ${rateOf(step)} a second` : "";
  console.log(`${kind.padEnd(10)} ${column.padEnd(28)} ${done}/${total} read, ${changed} ${verb}${rate}`);
  for (const failure of failures) console.error(`  ${failure}`);
  return undefined;
}

/** Values a second, since the step before the column's first. */
function rateOf({ kind, column, done }: RotationStep): number {
  if (`${kind} ${column}` !== current) startedAt = lastAt;
  current = `${kind} ${column}`;
  lastAt = performance.now();
  return Math.round(done / ((lastAt - startedAt) / 1_000));
}
