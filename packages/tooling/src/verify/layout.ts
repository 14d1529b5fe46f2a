import { readdir } from "node:fs/promises";
import type { Check } from "./check.ts";
import { listFiles, listWorkspaces } from "./project-files.ts";

const topLevel = new Set([
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "apps",
  "packages",
  "drizzle",
  "docker-compose.yml",
  "Dockerfile.api",
  "Dockerfile.worker",
  ".env.example",
  "README.md",
  "LICENSE",
  ".gitignore",
  ".dockerignore",
  ".gitattributes",
  ".npmrc",
  ".ci",
]);
const ignoredByGit = /^(?:\.git|node_modules|dist|coverage|\.local|\.env|\.env\.(?!example).*|.*\.tsbuildinfo)$/;

const vagueNames = new Set(["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "shared"]);
const kebabCase = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
const namedByConvention = new Set(["README.md", "LICENSE"]);

/** Entries of the root that have no place there. */
export function rootFaults(entries: readonly string[]): readonly string[] {
  return entries
    .filter((entry) => !topLevel.has(entry) && !ignoredByGit.test(entry))
    .map((entry) => `${entry} does not belong at the top; packages/tooling and packages/testing hold configuration`);
}

/** What is wrong with the name of a file, or of a folder on its path. */
export function nameFaults(path: string): readonly string[] {
  return path.split("/").flatMap((name) => {
    if (namedByConvention.has(name)) return [];
    if (!kebabCase.test(name)) return [`${path}: ${name} is not kebab-case`];
    const vague = name.split(/[-.]/).find((word) => vagueNames.has(word));
    return vague ? [`${path}: "${vague}" says nothing; name what it does`] : [];
  });
}

export const layoutCheck: Check = {
  name: "layout",
  async run(root) {
    const [entries, workspaces] = await Promise.all([readdir(root), listWorkspaces(root)]);
    const files = (await Promise.all(["apps", "packages"].map((folder) => listFiles(root, folder)))).flat();
    const known = new Set(files);
    return [
      ...rootFaults(entries),
      ...new Set(files.flatMap(nameFaults)),
      ...workspaces.filter((folder) => !known.has(`${folder}/README.md`)).map((folder) => `${folder} has no README.md`),
    ];
  },
};
