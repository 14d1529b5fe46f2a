import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync } from "node:fs";

export interface MeasuredOptions {
  /** Path of the program from the root of the project. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A file, so that nobody has to read along while it is measured. */
  readonly logFile: string;
}

export interface MeasuredProcess<Ready> {
  /** What it said of itself when it was ready. */
  readonly ready: Ready;
  /** CPU time that the process has used since it was started, in microseconds, all its threads together. */
  cpuUs(): Promise<number>;
  /** Send it a message and wait for its answer. */
  tell<Answer>(message: unknown): Promise<Answer>;
  /** The next message that it sends of its own accord. */
  hear<Answer>(): Promise<Answer>;
  stop(): Promise<void>;
}

const probe = new URL("processes/probe.ts", import.meta.url).href;

/** Start a program whose CPU time can be asked for, and wait until it is ready. */
export async function startMeasured<Ready>(options: MeasuredOptions): Promise<MeasuredProcess<Ready>> {
  const log = openSync(options.logFile, "a");
  const child = fork(options.script, {
    execArgv: ["--conditions=source", "--import", probe],
    env: { ...options.env },
    stdio: ["ignore", log, log, "ipc"],
  });
  const hear = <Answer>() => nextMessage<Answer>(child, options);
  const tell = <Answer>(message: unknown): Promise<Answer> => {
    const answer = hear<Answer>();
    child.send(message as string);
    return answer;
  };
  return {
    ready: await hear<Ready>(),
    cpuUs: async () => (await tell<{ cpuUs: number }>("cpu")).cpuUs,
    tell,
    hear,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function nextMessage<Answer>(child: ChildProcess, { script, logFile }: MeasuredOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error(`${script} ended:\n${endOf(logFile)}`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as Answer);
    });
  });
}

function endOf(logFile: string): string {
  return readFileSync(logFile, "utf8").trim().split("\n").slice(-15).join("\n");
}
