import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { environment } from "../../bootstrap/environment.mjs";
import { startServices } from "../services/services.ts";

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const args = process.argv.slice(2);
const onMySql = args.includes("--mysql");
const chosen = args.filter((arg) => arg !== "--mysql");
const log = (line: string) => console.log(`· ${line}`);

/** What the suite consists of, in order. A choice of suites (`npm test -- some/path`) and the MySQL leg are the first step only. */
const steps: (() => Promise<Counts>)[] = [runSuites];
if (chosen.length === 0 && !onMySql) steps.push(() => runCommand("chaos", ["--deliveries", "200", "--seconds", "25"]));

const folder = mkdtempSync(join(tmpdir(), "reminder-app-test-"));
const services = await startServices({
  directory: join(folder, "services"),
  keep: false,
  log,
  engine: onMySql ? "mysql" : "any",
});
let running: ChildProcess | undefined;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

try {
  await migrateDatabase(services.databaseUrl);
  let passed = 0;
  let failed = 0;
  for (const step of steps) {
    if (interrupted) break;
    const counts = await step();
    passed += counts.passed;
    failed += counts.failed;
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || interrupted ? 1 : 0;
} finally {
  await services.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** All vitest suites, on the servers that were started. A test that did not run counts as failed. */
async function runSuites(): Promise<Counts> {
  const report = join(folder, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${report}`];
  const config = ["--config", "packages/testing/vitest.config.ts"];
  const code = await run("node_modules/vitest/vitest.mjs", ["run", ...config, ...reporters, ...chosen]);
  const counted = JSON.parse(readFileSync(report, "utf8")) as Record<
    "numPassedTests" | "numFailedTests" | "numPendingTests",
    number
  >;
  const failed = counted.numFailedTests + counted.numPendingTests;
  return { passed: counted.numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
}

/** Another command of this folder, which counts as one test. */
async function runCommand(name: string, commandArgs: readonly string[]): Promise<Counts> {
  const code = await run(`packages/tooling/src/commands/${name}.ts`, commandArgs);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function run(script: string, scriptArgs: readonly string[]): Promise<number> {
  const env = { ...environment, DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl };
  return new Promise((resolve) => {
    running = spawn(process.execPath, ["--conditions=source", script, ...scriptArgs], { stdio: "inherit", env });
    running.on("exit", (code) => resolve(code ?? 1));
  });
}
