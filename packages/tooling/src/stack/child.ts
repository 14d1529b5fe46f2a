import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

export interface AppOptions {
  /** Path of the program from the root of the project. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where its log lines go. */
  readonly logFile: string;
  /** Restart it when a file that it has read changes. */
  readonly watch?: boolean;
}

export interface App<Ready> {
  readonly process: ChildProcess;
  readonly pid: number;
  /** What it said of itself when it was ready. */
  readonly ready: Ready;
  /** Ask it to stop, and wait until it has. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const START_MS = 60_000;
/** Our programs finish within 30 s what is in hand. */
const STOP_MS = 40_000;

/** Start one of our programs and wait until it says that it is ready. It leaves when this process does. */
export async function startApp<Ready>({ script, env, logFile, watch }: AppOptions): Promise<App<Ready>> {
  const log = openSync(logFile, "a");
  const child = fork(script, {
    execArgv: ["--conditions=source", ...(watch ? ["--watch", "--watch-preserve-output"] : [])],
    env: { ...env },
    stdio: ["ignore", log, log, "ipc"],
    detached: true,
  });
  closeSync(log);
  const ready = await untilReady<Ready>(child, () => new Error(`${script} did not start:\n${lastLines(logFile)}`));
  if (child.pid === undefined) throw new Error(`${script} has no process`);
  return { process: child, pid: child.pid, ready, stop: (signal = "SIGTERM") => stopChild(child, signal) };
}

function untilReady<Ready>(child: ChildProcess, complaint: () => Error): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(complaint());
      child.kill("SIGKILL");
    }, START_MS);
    child.on("message", (message) => {
      if (isFromWatcher(message)) return;
      clearTimeout(timer);
      resolve(message as Ready);
    });
    child.once("exit", () => {
      clearTimeout(timer);
      reject(complaint());
    });
  });
}

async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  const impatient = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await ended;
  clearTimeout(impatient);
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trim().split("\n").slice(-10).join("\n");
}

/** With `--watch`, Node itself reports over the same channel which files it has read. */
function isFromWatcher(message: unknown): boolean {
  return (
    typeof message === "object" && message !== null && Object.keys(message).some((key) => key.startsWith("watch:"))
  );
}
