import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { environment } from "../../bootstrap/environment.mjs";

/** Where packagers put servers and browsers without putting the folder on everyone's PATH. */
const usualFolders = [
  "/usr/sbin",
  "/usr/local/sbin",
  "/usr/libexec",
  "/usr/local/mysql/bin",
  "/opt/homebrew/bin",
  "/opt/homebrew/sbin",
];

/** Path of the first of `names` that can be run, looked up on PATH and then in the usual folders. */
export function findProgram(
  names: readonly string[],
  path: string | undefined = environment["PATH"],
): string | undefined {
  const folders = [...(path ?? "").split(delimiter).filter((folder) => folder !== ""), ...usualFolders];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
