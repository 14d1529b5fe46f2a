import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** A file of the project: its path from the root, with `/`, and its text. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

const notOurs = new Set(["node_modules", "dist", "dist-tests", "generated", "coverage", ".git", ".local"]);

/** Paths of every file under `folder`, from the root, sorted; what tools install or build is left out. */
export async function listFiles(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  const nested = await Promise.all(
    entries
      .filter((entry) => !notOurs.has(entry.name) && !entry.name.endsWith(".tsbuildinfo"))
      .map(async (entry) => {
        const path = `${folder}/${entry.name}`;
        return entry.isDirectory() ? listFiles(root, path) : [path];
      }),
  );
  return nested.flat().toSorted();
}

/** Folders of the workspaces, such as `packages/core`. */
export async function listWorkspaces(root: string): Promise<readonly string[]> {
  const parents = ["apps", "packages"];
  const lists = await Promise.all(parents.map((parent) => readdir(join(root, parent), { withFileTypes: true })));
  return lists.flatMap((entries, at) =>
    entries.filter((entry) => entry.isDirectory()).map((entry) => `${parents[at]}/${entry.name}`),
  );
}

/** The files under `folders` whose path matches `pattern`, with their text. */
export async function readFiles(
  root: string,
  selection: { readonly folders: readonly string[]; readonly pattern: RegExp },
): Promise<readonly ProjectFile[]> {
  const lists = await Promise.all(selection.folders.map((folder) => listFiles(root, folder)));
  const paths = lists.flat().filter((path) => selection.pattern.test(path));
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), "utf8") })));
}

/** Source text with its comments blanked; lines keep their numbers. */
export function withoutComments(source: string): string {
  const stringOrComment = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return source.replace(stringOrComment, (found, literal: string | undefined) =>
    literal === undefined ? found.replace(/[^\n]/g, " ") : literal,
  );
}

/** Every place in `text` that `pattern` matches, as 1-based line numbers. */
export function linesOf(text: string, pattern: RegExp): readonly number[] {
  const everywhere = new RegExp(pattern.source, pattern.flags.includes("g") ? pattern.flags : `${pattern.flags}g`);
  return [...text.matchAll(everywhere)].map((match) => text.slice(0, match.index).split("\n").length);
}

/** The project's folder, from which every path is told. */
export const projectRoot = resolve(import.meta.dirname, "../../../..");
