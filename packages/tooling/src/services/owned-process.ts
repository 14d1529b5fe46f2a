import { type ChildProcess, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
const PATIENCE_MS = 30_000;
const running = new Set<ChildProcess>();
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Start a server that is ours: its pid is written down, so that one left over from a run that was killed is found and
 * stopped first, and nothing else ever is. Rejects with the end of its log when it does not come up.
 */
export async function startOwned(options: OwnedOptions): Promise<OwnedProcess> {
  await stopLeftOver(options);
  const log = openSync(join(options.directory, `${options.name}.log`), "a");
  const child = spawn(options.program, options.args, {
    cwd: options.directory,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.on("error", () => {}); // told below: a program that cannot be started has no pid
  child.unref();
  if (child.pid === undefined) throw new Error(`${options.program} could not be started`);
  writeFileSync(pidFile(options), String(child.pid));
  endWithThisProcess(child);
  await untilAnswers(child, options);
  return { pid: child.pid, stop: (signal = "SIGTERM") => stopChild(child, signal, options) };
}

/** The terminal's signals do not reach a detached server: it is told when one of them ends this process. */
function endWithThisProcess(child: ChildProcess): void {
  if (running.size === 0) for (const signal of endings) process.on(signal, takeAlong);
  running.add(child);
  child.once("exit", () => {
    running.delete(child);
    if (running.size === 0) for (const signal of endings) process.off(signal, takeAlong);
  });
}

function takeAlong(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return; // a command that handles it stops its servers itself
  for (const child of running) child.kill();
  process.off(signal, takeAlong);
  process.kill(process.pid, signal);
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

/** Stop the server of this name that a run which was killed has left in `directory`, if there is one. */
export async function stopLeftOver(place: Pick<OwnedOptions, "directory" | "name">): Promise<void> {
  const file = pidFile(place);
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8"));
  if (isOurs(pid, place.directory)) process.kill(pid, "SIGTERM");
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (isOurs(pid, place.directory)) {
    if (Date.now() > giveUpAt) process.kill(pid, "SIGKILL");
    await sleep(POLL_MS);
  }
  rmSync(file, { force: true });
}

/** A pid may have been given to another program meanwhile, so it must work in our folder. Redis rewrites its command line. */
function isOurs(pid: number, directory: string): boolean {
  try {
    return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${realpathSync(directory)}/`);
  } catch {
    return false;
  }
}

function pidFile({ directory, name }: Pick<OwnedOptions, "directory" | "name">): string {
  return join(directory, `${name}.pid`);
}
