import { existsSync, rmSync, writeFileSync } from "node:fs";
import { findProgram } from "./find-program.ts";
import { requireCommand } from "./run-command.ts";

export type Log = (line: string) => void;

const policyFile = "/usr/sbin/policy-rc.d";
let listsAreFresh = false;

/** Whether this process may install Debian packages. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && findProgram(["apt-get"]) !== undefined;
}

/**
 * Install Debian packages as root. Services that come with them are neither started now nor at the next boot:
 * `services` names the units to switch off. Throws with apt's last words when it fails.
 */
export async function installPackages(
  packages: readonly string[],
  options: { services: readonly string[]; log: Log },
): Promise<void> {
  const quiet = { env: { DEBIAN_FRONTEND: "noninteractive" } };
  options.log(`installing ${packages.join(" and ")} with apt (about half a minute)`);
  if (!listsAreFresh) await requireCommand("apt-get", ["-qq", "update"], quiet);
  listsAreFresh = true;

  await withoutServiceStarts(() =>
    requireCommand("apt-get", ["-y", "-qq", "install", "--no-install-recommends", ...packages], quiet),
  );
  if (findProgram(["systemctl"]) === undefined) return;
  for (const service of options.services) await requireCommand("systemctl", ["--quiet", "disable", service]);
}

/** Debian asks policy-rc.d before a package starts its service; exit code 101 means no. A policy that is there stays. */
async function withoutServiceStarts(install: () => Promise<unknown>): Promise<void> {
  const ours = !existsSync(policyFile);
  if (ours) writeFileSync(policyFile, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await install();
  } finally {
    if (ours) rmSync(policyFile, { force: true });
  }
}
