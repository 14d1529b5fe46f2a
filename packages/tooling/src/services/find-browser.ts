import { type Log, canInstallPackages, installPackages } from "./apt-install.ts";
import { findProgram } from "./find-program.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Path of a Chromium or Chrome, installed by apt where that is possible. Throws with the remedy when there is none. */
export async function requireBrowser(log: Log): Promise<string> {
  const found = findProgram(NAMES);
  if (found) return found;
  if (canInstallPackages()) await installPackages(["chromium"], { services: [], log });
  const installed = findProgram(NAMES);
  if (!installed) throw new Error("Browser tests need Chromium or Chrome; install one so that it is on PATH");
  return installed;
}
