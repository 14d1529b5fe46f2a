import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "../services/run-command.ts";

/** One rule of the project that a machine can hold. */
export interface Check {
  readonly name: string;
  /** What is wrong, a line each; empty when all is well. `root` is the project's folder. */
  run(root: string): Promise<readonly string[]>;
}

/** A check needs someone else's answer and gets none. It has neither passed nor failed, and that is said. */
export class CouldNotAsk extends Error {
  override name = "CouldNotAsk";
}

/** A program of a development dependency, run by this process's own Node. */
export interface Tool {
  readonly package: string;
  readonly bin: string;
  readonly args: readonly string[];
}

/**
 * A check that asks `tool`: its output is the fault when it does not exit with 0.
 * The tool runs in the current folder, which has to be the root: its configuration names files from there.
 */
export function toolCheck(name: string, tool: Tool): Check {
  return {
    name,
    async run(root) {
      const script = await toolScript(root, tool);
      const { code, output } = await runCommand(process.execPath, [script, ...tool.args]);
      if (code === 0) return [];
      const said = output.split("\n").filter((line) => line.trim() !== "");
      return said.length > 0 ? said : [`${tool.bin} ended with ${code === undefined ? "a signal" : `code ${code}`}`];
    },
  };
}

async function toolScript(root: string, tool: Tool): Promise<string> {
  const manifestPath = join(root, "node_modules", tool.package, "package.json");
  const manifest = JSON.parse(await readFile(manifestPath, "utf8")) as { bin: string | Record<string, string> };
  const script = typeof manifest.bin === "string" ? manifest.bin : manifest.bin[tool.bin];
  if (script === undefined) throw new Error(`${tool.package} has no program ${tool.bin}`);
  return join(dirname(manifestPath), script);
}
