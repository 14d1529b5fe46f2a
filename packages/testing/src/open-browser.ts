import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const folders = ["/usr/bin", "/usr/local/bin", "/snap/bin", "/Applications/Chromium.app/Contents/MacOS"];
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** A headless Chromium, from the machine's own. Rejects where there is none, with what to install. */
export function openBrowser(): Promise<Browser> {
  const executablePath = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (executablePath === undefined)
    throw new Error(
      `There is no Chromium in ${folders.join(delimiter)}: install one, such as Debian's package chromium`,
    );
  return chromium.launch({ executablePath, args: FLAGS });
}
