import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { listWorkspaces, type ProjectFile, readFiles, withoutComments } from "./project-files.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const ourImport = /\bfrom\s*["'](@reminder-app\/[a-z-]+)|\bimport\s*\(?\s*["'](@reminder-app\/[a-z-]+)/g;

/**
 * Packages of ours that `file` imports and `manifest` does not declare. An image installs only the workspaces that are
 * declared, so an undeclared one is found here or in production.
 */
export function undeclaredImports(file: ProjectFile, manifest: Manifest): readonly string[] {
  const imported = [...withoutComments(file.text).matchAll(ourImport)].map((match) => match[1] ?? match[2] ?? "");
  return [...new Set(imported)]
    .filter((name) => !manifest.dependencies?.[name])
    .map((name) =>
      name === manifest.name
        ? `${file.path} imports its own package by name; use a relative path`
        : `${file.path} imports ${name}, which its package.json does not declare`,
    );
}

export const declarationsCheck: Check = {
  name: "declarations",
  async run(root) {
    const workspaces = await listWorkspaces(root);
    const faults = workspaces.map(async (folder) => {
      const manifest = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8")) as Manifest;
      const files = await readFiles(root, {
        folders: [`${folder}/src`],
        pattern: /^(?!.*(?:\.test\.ts|\/given-[^/]+\.ts)$).*\.ts$/,
      });
      return files.flatMap((file) => undeclaredImports(file, manifest));
    });
    return (await Promise.all(faults)).flat();
  },
};
