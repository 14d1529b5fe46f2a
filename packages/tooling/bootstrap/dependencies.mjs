import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Install what package-lock.json names, unless that is what was installed last. */
export async function ensureDependencies(root) {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const marker = join(root, "node_modules/.installed-lock");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  process.stdout.write("· installing the dependencies with npm ci (about half a minute)\n");
  await npmCi(root);
  writeFileSync(marker, wanted);
}

function npmCi(root) {
  return new Promise((resolve, reject) => {
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const child = spawn(npm, ["ci", "--loglevel=error"], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", (error) => reject(new Error(`npm could not be started: ${error.message}`)));
    child.on("exit", (code) =>
      code === 0 ? resolve(undefined) : reject(new Error(`npm ci ended with code ${code}; its words are above`)),
    );
  });
}
