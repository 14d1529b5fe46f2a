import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { startApiUnderTest } from "../fuzz/api-under-test.ts";
import { describeFinding } from "../fuzz/finding.ts";
import { countKind, runFuzz } from "../fuzz/run-fuzz.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: `${randomInt(1, 1_000_000)}` },
    only: { type: "string" },
    verbose: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
const log = (line: string) => process.stderr.write(`· ${line}\n`);

if (!Number.isInteger(seed) || !(seconds > 0)) {
  console.error("Use --seconds with a number above 0, and --seed with a whole number");
  process.exitCode = 1;
} else {
  await fuzz();
}

async function fuzz(): Promise<void> {
  const api = await startApiUnderTest(log);
  try {
    const { findings, neverDone, answers, ...counted } = await runFuzz({
      ...api,
      seed,
      seconds,
      log,
      only: values.only?.split(","),
    });
    for (const finding of findings) process.stderr.write(`\n${describeFinding(finding, api.url)}\n`);
    for (const id of neverDone) log(`${id} never answered with 2xx, but ${JSON.stringify(answers[id] ?? {})}`);
    if (values.verbose) console.error(answers);
    const report = {
      seed,
      seconds,
      requests: counted.requests,
      operations: counted.operations,
      operationsCovered2xx: counted.operations - neverDone.length,
      fuzz5xx: countKind(findings, "5xx"),
      undocumented: countKind(findings, "undocumented"),
      schemaMismatches: countKind(findings, "schema"),
      leaks: countKind(findings, "leak"),
    };
    if (values.json) console.log(JSON.stringify(report));
    else console.table(report);
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    await api.close();
  }
}
