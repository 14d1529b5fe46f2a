import { spawn } from "node:child_process";
import { environmentOver } from "@reminder-app/platform/config";

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Each line of its output, where they are JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every form
  readonly json: readonly any[];
}

export interface CommandOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Called with all that it has printed; true kills it with SIGKILL. */
  readonly killWhen?: (stdout: string) => boolean;
}

/** Run a command of the tooling to its end, as npm does. */
export function runCommand(name: string, args: readonly string[], options: CommandOptions): Promise<CommandEnd> {
  const script = new URL(`../../../packages/tooling/src/commands/${name}.ts`, import.meta.url).pathname;
  const child = spawn(process.execPath, ["--conditions=source", script, ...args], {
    env: { ...environmentOver({}), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (options.killWhen?.(stdout)) child.kill("SIGKILL");
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
      resolve({ code, signal, stdout, stderr, json: lines.map((line): unknown => JSON.parse(line)) });
    });
  });
}
