import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One instance at a time for a folder. Throws when another runs. */
export function lockInstance(directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "instance.pid");
  const other = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (isRunning(other)) {
    throw new Error(
      `Reminder App is running already (process ${other}). Stop it with Ctrl-C in its terminal, then start again.`,
    );
  }
  writeFileSync(file, String(process.pid));
  return { release: () => rmSync(file, { force: true }) };
}

/** A pid may have been given to another program meanwhile, so its command line must be ours. */
function isRunning(pid: number): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    const commandLine = `/proc/${pid}/cmdline`;
    return !existsSync(commandLine) || /commands.(start|dev)\.ts/.test(readFileSync(commandLine, "utf8"));
  } catch {
    return false;
  }
}
