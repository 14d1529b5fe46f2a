// Runs a command of src/commands with the project's own Node, whatever Node npm itself runs on.
// Plain JavaScript, because it also runs where nothing is installed yet.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./dependencies.mjs";
import { environment } from "./environment.mjs";

const LEAST_NODE = 24;
const root = fileURLToPath(new URL("../../..", import.meta.url));
const [command, ...args] = process.argv.slice(2);
const script = join(root, "packages/tooling/src/commands", `${command}.ts`);
if (command === undefined || !existsSync(script))
  fail(`There is no command ${command ?? ""} in packages/tooling/src/commands`);

await ensureDependencies(root).catch((/** @type {unknown} */ error) =>
  fail(error instanceof Error ? error.message : String(error)),
);
run(projectNode());

/** The Node that the lockfile brings, else the machine's own where it is new enough. */
function projectNode() {
  const bundled = join(root, "node_modules/.bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(bundled)) return bundled;
  if (Number.parseInt(process.versions.node, 10) >= LEAST_NODE) return process.execPath;
  return fail(
    `This machine's Node is ${process.versions.node}, and none can be brought for ${process.platform}; install Node ${LEAST_NODE}`,
  );
}

function run(node) {
  const path = join(root, "node_modules/.bin") + delimiter + (environment.PATH ?? "");
  const leaveWithParent = new URL("leave-with-parent.mjs", import.meta.url).href;
  const child = spawn(node, ["--conditions=source", "--import", leaveWithParent, script, ...args], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...environment, PATH: path },
  });
  child.on("error", (error) => fail(`${node} could not be started: ${error.message}`));
  // A terminal sends its signals to the whole group, `kill` to one process: commands may hear of one twice.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
