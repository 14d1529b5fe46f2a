import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { environment } from "../../bootstrap/environment.mjs";
import { startServices } from "../services/services.ts";

/** Servers for a run of suites, and programs that run on them one after the other. */
export interface SuiteRun {
  /** Gone when the run ends. */
  readonly folder: string;
  /** Whether someone asked this process to stop. */
  interrupted(): boolean;
  /** Run a script of the project on the servers; answers its exit code and, where it was captured, what it printed. */
  run(script: readonly string[], output?: Output): Promise<{ code: number; printed: string }>;
}

/** Where a program's standard output goes; its errors are always shown. */
export type Output = "shown" | "shown as errors" | "captured";

export interface SuiteOptions {
  /** The MySQL of Debian's packages, instead of what is found. */
  readonly onMySql?: boolean;
  readonly log: (line: string) => void;
}

/** Start the servers, migrate, let `work` run its suites, and leave nothing behind, however it ends. */
export async function withSuites(
  { onMySql = false, log }: SuiteOptions,
  work: (suites: SuiteRun) => Promise<void>,
): Promise<void> {
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
    const directory = join(folder, "services");
    const services = await startServices({ directory, keep: false, log, engine: onMySql ? "mysql" : "any" });
    undo.push(services.stop);
    await migrateDatabase(services.databaseUrl);
    const env = { ...environment, DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl };
    await work({
      folder,
      interrupted: () => interrupted,
      run(script, output = "shown") {
        running = spawn(process.execPath, ["--conditions=source", ...script], { env, stdio: stdioOf(output) });
        return untilExit(running);
      },
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

function stdioOf(output: Output): ("inherit" | "pipe" | number)[] {
  const errors = 2;
  return ["inherit", output === "shown" ? "inherit" : output === "captured" ? "pipe" : errors, "inherit"];
}

function untilExit(child: ChildProcess): Promise<{ code: number; printed: string }> {
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code: code ?? 1, printed }));
  });
}
