import { environment } from "../../bootstrap/environment.mjs";
import { type CommandResult, runCommand } from "./run-command.ts";

/** Run npm without a shell: the one that started this command, else the one on the path. */
export function runNpm(args: readonly string[], timeoutMs: number): Promise<CommandResult> {
  const script = environment["npm_execpath"];
  const runsOnNode = script !== undefined && /npm-cli\.c?js$/.test(script);
  return runsOnNode
    ? runCommand(process.execPath, [script, ...args], { timeoutMs })
    : runCommand("npm", args, { timeoutMs });
}
