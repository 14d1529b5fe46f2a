import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Install what package-lock.json names, unless exactly that is installed. */
export async function ensureDependencies(root) {
  if (isInstalled(root)) return;
  process.stderr.write("· installing the dependencies with npm ci (about half a minute)\n");
  await npmCi(root);
}

/**
 * Whether everything that package-lock.json names is there in its version. npm writes down what it installed last of
 * all, so a broken-off install counts as missing. Optional packages may be absent: they are for other machines.
 */
export function isInstalled(root) {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const { packages: installed } = JSON.parse(readFileSync(record, "utf8"));
  const { packages: wanted } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(wanted)
    .filter(([path, { optional }]) => path.includes("node_modules/") && !optional)
    .every(([path, { version }]) => installed[path] !== undefined && installed[path].version === version);
}

function npmCi(root) {
  return new Promise((resolve, reject) => {
    const windows = process.platform === "win32";
    const child = spawn(windows ? "npm.cmd" : "npm", ["ci", "--ignore-scripts", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", process.stderr, "inherit"],
      shell: windows,
    });
    child.on("error", (error) => reject(new Error(`npm could not be started: ${error.message}`)));
    child.on("exit", (code) =>
      code === 0 ? resolve(undefined) : reject(new Error(`npm ci ended with code ${code}; its words are above`)),
    );
  });
}
