import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { environment } from "../../bootstrap/environment.mjs";
import { startServices } from "../services/services.ts";

const { values, positionals } = parseArgs({
  options: { mysql: { type: "boolean", default: false }, "no-chaos": { type: "boolean", default: false } },
  allowPositionals: true,
  strict: false,
});
const log = (line: string) => console.log(`· ${line}`);
const folder = mkdtempSync(join(tmpdir(), "reminder-app-test-"));
const services = await startServices({
  directory: join(folder, "s"),
  keep: false,
  log,
  engine: values["mysql"] ? "mysql" : "any",
});

interface Counts {
  passed: number;
  failed: number;
}

/** What the suite consists of, in order; a focused run (`npm test -- some/path`) is the first step only. */
const steps: (() => Promise<Counts>)[] = [runSuites];
const whole = positionals.length === 0 && !values["mysql"] && !values["no-chaos"];
if (whole) steps.push(() => runCommand("chaos", ["--deliveries", "200", "--seconds", "25"]));

try {
  const counts: Counts = { passed: 0, failed: 0 };
  for (const step of steps) {
    const { passed, failed } = await step();
    counts.passed += passed;
    counts.failed += failed;
  }
  console.log(`\n${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
} finally {
  await services.stop();
}

/** All vitest suites, on the servers that were started. */
async function runSuites(): Promise<Counts> {
  const report = join(folder, "vitest.json");
  const args = [
    "run",
    "--config",
    "packages/testing/vitest.config.ts",
    "--reporter=default",
    "--reporter=json",
    `--outputFile=${report}`,
  ];
  const code = await run("node_modules/vitest/vitest.mjs", [...args, ...positionals]);
  const counted = JSON.parse(readFileSync(report, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
  };
  const failed = counted.numFailedTests + counted.numPendingTests;
  return { passed: counted.numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
}

/** Another command of this folder, which counts as one test. */
async function runCommand(name: string, args: readonly string[]): Promise<Counts> {
  const code = await run(`packages/tooling/src/commands/${name}.ts`, args);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function run(script: string, args: readonly string[]): Promise<number> {
  const env = { ...environment, DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl };
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--conditions=source", script, ...args], { stdio: "inherit", env });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
