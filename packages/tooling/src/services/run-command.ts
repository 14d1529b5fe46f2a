import { spawn } from "node:child_process";
import { environment } from "../../bootstrap/environment.mjs";

export interface CommandResult {
  /** Exit code, or undefined when the program could not be started or was ended by a signal. */
  code: number | undefined;
  stdout: string;
  /** Both streams in the order in which they came. */
  output: string;
}

export interface CommandOptions {
  /** Added to the environment of this process. */
  env?: Readonly<Record<string, string>>;
  timeoutMs?: number;
}

/** Run a program to its end without a shell. Never rejects: a program that is missing has no code. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      ...(options.env && { env: { ...environment, ...options.env } }),
      ...(options.timeoutMs && { timeout: options.timeoutMs, killSignal: "SIGKILL" as const }),
    });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (error) => resolve({ code: undefined, stdout, output: output + error.message }));
    child.on("close", (code) => resolve({ code: code ?? undefined, stdout, output }));
  });
}

/** As {@link runCommand}, but throws, with the end of what the program said, unless it exits with 0. */
export async function requireCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, stdout, output } = await runCommand(program, args, options);
  if (code === 0) return stdout;
  const end = output.trim().split("\n").slice(-20).join("\n");
  throw new Error(`${program} ${args.join(" ")} failed${code === undefined ? "" : ` with exit code ${code}`}:\n${end}`);
}
