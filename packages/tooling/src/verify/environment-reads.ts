import type { Check } from "./check.ts";
import { linesOf, type ProjectFile, readFiles, withoutComments } from "./project-files.ts";

const environmentRead =
  /\bprocess\s*(?:\?\.|\.)\s*env\b|\bprocess\s*\[\s*["'`]env|\bimport\.meta\.env\b|\{[^}]*\benv\b[^}]*\}\s*(?:from\s*["'](?:node:)?process["']|=\s*process\b)/;

/** Where `file` reads the process's environment itself instead of being given its settings. */
export function environmentFaults(file: ProjectFile): readonly string[] {
  if (/^packages\/(?:platform|tooling)\//.test(file.path)) return [];
  return linesOf(withoutComments(file.text), environmentRead).map(
    (line) => `${file.path}:${line} reads the environment; settings come from platform/config`,
  );
}

export const environmentCheck: Check = {
  name: "environment",
  async run(root) {
    const files = await readFiles(root, { folders: ["apps", "packages"], pattern: /\.(?:ts|tsx|mts|mjs|js)$/ });
    return files.flatMap(environmentFaults);
  },
};
