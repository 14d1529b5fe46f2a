import { type Log, canInstallPackages, installPackages } from "./apt-install.ts";
import { findProgram } from "./find-program.ts";

const programs = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Bring a Chromium for the browser tests where this process may. Elsewhere those tests fail and name the remedy. */
export async function ensureBrowser(log: Log): Promise<void> {
  if (findProgram(programs) !== undefined || !canInstallPackages()) return;
  await installPackages(["chromium"], { services: [], log });
}
