import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { linesOf, type ProjectFile, readFiles } from "./project-files.ts";

interface WordRule {
  readonly pattern: RegExp;
  readonly reason: string;
}

/** The text says what the product does now: not its past, its plans or the machine it was made on. */
const wordRules: readonly WordRule[] = [
  { pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/, reason: "unfinished work belongs in an issue" },
  { pattern: /(?<![\w.:/*}\])-])\/(?:root|home|work|Users|tmp)\/\w/, reason: "names a folder of one machine" },
  { pattern: /\bregistry\.[a-z]+\.[a-z]+|\bnpmjs\b/i, reason: "names a registry host" },
  { pattern: /\bco-authored-by\b/i, reason: "tells who wrote it" },
  { pattern: /\b0\d-[a-z]+\.md\b/, reason: "points at a document outside the project" },
  { pattern: /\b(?:previously|formerly|used to be|no longer needed)\b/i, reason: "tells history; say what is" },
  { pattern: /\b(?:class|function|interface|type|const) \w*(?:Manager|Helpers?|Utils?)\b/, reason: "a vague name" },
];

/** Words of `file` that tell something else than what the product does: `path:line reason`. */
export function wordFaults(file: ProjectFile): readonly string[] {
  return wordRules.flatMap(({ pattern, reason }) =>
    linesOf(file.text, pattern).map((line) => `${file.path}:${line} ${reason}`),
  );
}

const rootTexts = ["README.md", ".env.example", "docker-compose.yml", "Dockerfile.api", "Dockerfile.worker", ".npmrc"];

export const wordsCheck: Check = {
  name: "words",
  async run(root) {
    const pattern = /\.(?:ts|tsx|mts|mjs|js|json|md|css|html|yml|sh)$/;
    const files = await readFiles(root, { folders: ["apps", "packages", ".ci"], pattern });
    const texts = await Promise.all(
      rootTexts.map(async (path) => ({ path, text: await readFile(join(root, path), "utf8").catch(() => "") })),
    );
    return [...files, ...texts].filter(({ path }) => !isOurSample(path)).flatMap(wordFaults);
  },
};

/** The rules and their samples have to name what they refuse. */
const isOurSample = (path: string) => path.startsWith("packages/tooling/src/verify/words.");
