import { existsSync } from "node:fs";
import { join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const folders = ["/usr/bin", "/usr/local/bin", "/snap/bin", "/Applications/Chromium.app/Contents/MacOS"];

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** How this machine's own Chromium is started, without a window. Throws where it has none, with what to install. */
export function findBrowser(): { readonly executablePath: string; readonly args: string[] } {
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (found !== undefined) return { executablePath: found, args: FLAGS };
  throw new Error(`There is no Chromium in ${folders.join(" or ")}: install one, such as Debian's package chromium`);
}
