import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface OwnedOptions {
  /** Where its pid file and log are kept. */
  readonly directory: string;
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Resolves once it answers; rejects while it does not. */
  readonly answers: () => Promise<unknown>;
  readonly startMs?: number;
}

export interface OwnedProcess {
  readonly pid: number;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const POLL_MS = 100;

/**
 * Start a server that is ours: its pid is written down, so that one left over from a run that was killed is found and
 * stopped first, and nothing else ever is. Rejects with the end of its log when it does not come up.
 */
export async function startOwned(options: OwnedOptions): Promise<OwnedProcess> {
  await stopLeftOver(options);
  const log = openSync(join(options.directory, `${options.name}.log`), "a");
  const child = spawn(options.program, options.args, { detached: true, stdio: ["ignore", log, log] });
  child.on("error", () => {}); // told below: a program that cannot be started has no pid
  child.unref();
  if (child.pid === undefined) throw new Error(`${options.program} could not be started`);
  writeFileSync(pidFile(options), String(child.pid));
  await untilAnswers(child, options);
  return { pid: child.pid, stop: (signal = "SIGTERM") => stopChild(child, signal, options) };
}

async function untilAnswers(child: ChildProcess, options: OwnedOptions): Promise<void> {
  const giveUpAt = Date.now() + (options.startMs ?? 60_000);
  while (child.exitCode === null && child.signalCode === null && Date.now() < giveUpAt) {
    const ready = await options.answers().then(
      () => true,
      () => false,
    );
    if (ready) return;
    await sleep(POLL_MS);
  }
  child.kill("SIGKILL");
  const said = readFileSync(join(options.directory, `${options.name}.log`), "utf8")
    .trim()
    .split("\n")
    .slice(-15)
    .join("\n");
  throw new Error(`${options.name} did not come up:\n${said}`);
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals, options: OwnedOptions): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.ref();
    child.kill(signal);
    await ended;
  }
  rmSync(pidFile(options), { force: true });
}

async function stopLeftOver(options: OwnedOptions): Promise<void> {
  const file = pidFile(options);
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8"));
  if (isOurs(pid, options.directory)) {
    process.kill(pid, "SIGTERM");
    while (isOurs(pid, options.directory)) await sleep(POLL_MS);
  }
  rmSync(file, { force: true });
}

/** A pid may have been given to another program meanwhile, so its command line must name our folder. */
function isOurs(pid: number, directory: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(directory);
  } catch {
    return false;
  }
}

function pidFile({ directory, name }: OwnedOptions): string {
  return join(directory, `${name}.pid`);
}
