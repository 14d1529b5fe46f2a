import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { environment } from "../../bootstrap/environment.mjs";
import type { Services } from "../services/running-services.ts";
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
const steps: ((services: Services) => Promise<Counts>)[] = [runSuites];
if (chosen.length === 0 && !onMySql)
  steps.push((services) => runCommand(services, ["chaos", "--deliveries", "200", "--seconds", "25"]));

const folder = mkdtempSync(join(tmpdir(), "reminder-app-test-"));
const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
let running: ChildProcess | undefined;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

try {
  const services = await startServices({
    directory: join(folder, "services"),
    keep: false,
    log,
    engine: onMySql ? "mysql" : "any",
  });
  undo.push(services.stop);
  await migrateDatabase(services.databaseUrl);
  const counts: Counts[] = [];
  for (const step of steps) if (!interrupted) counts.push(await step(services));
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || interrupted ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const step of undo.toReversed()) await step();
}

/** All vitest suites, on the servers that were started. A test that did not run counts as failed. */
async function runSuites(services: Services): Promise<Counts> {
  const report = join(folder, "vitest.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${report}`];
  const config = ["--config", "packages/testing/vitest.config.ts"];
  const code = await run(services, ["node_modules/vitest/vitest.mjs", "run", ...config, ...reporters, ...chosen]);
  if (!existsSync(report)) return { passed: 0, failed: 1 }; // it was ended before it could count
  const counted = JSON.parse(readFileSync(report, "utf8")) as Record<
    "numPassedTests" | "numFailedTests" | "numPendingTests",
    number
  >;
  const failed = counted.numFailedTests + counted.numPendingTests;
  return { passed: counted.numPassedTests, failed: code === 0 ? failed : Math.max(1, failed) };
}

/** Another command of this folder, which counts as one test. */
async function runCommand(services: Services, [name = "", ...rest]: readonly string[]): Promise<Counts> {
  const code = await run(services, [`packages/tooling/src/commands/${name}.ts`, ...rest]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function run(services: Services, script: readonly string[]): Promise<number> {
  const env = { ...environment, DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl };
  return new Promise((resolve) => {
    running = spawn(process.execPath, ["--conditions=source", ...script], { stdio: "inherit", env });
    running.once("exit", (code) => resolve(code ?? 1));
  });
}
