import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { type ProjectFile, readFiles, withoutComments } from "./project-files.ts";

/** A row of features.json: what the product promises, in one sentence. */
export interface Feature {
  readonly id: string;
  readonly sentence: string;
  /** `must`, `expected` and `beyond` rank the product's features; `security` are its requirements. */
  readonly class: "must" | "expected" | "beyond" | "security";
  readonly postponed?: true;
}

/** A test whose title names the features that it proves. */
export interface Proof {
  readonly file: string;
  readonly title: string;
  readonly ids: readonly string[];
}

export interface Coverage {
  /** Every feature of the table with its tests, in the table's order. */
  readonly rows: readonly (Feature & { readonly tests: readonly Omit<Proof, "ids">[] })[];
  /** Proofs that name an id which is not in the table. */
  readonly unknown: readonly string[];
}

const call =
  /(\w+)(?:\.\w+)*(?:\s*\((?:[^()"'`]|\([^()]*\)|"[^"\n]*"|'[^'\n]*'|`[^`]*`)*\))?\s*\(\s*(["'`])((?:\\.|(?!\2)[^\\])*)\2\s*,/g;
const idsInTitle = /\(([A-Z]\d{1,2}(?:,\s*[A-Z]\d{1,2})*)\)/g;

/** The tests in `file` whose titles name features, as in `test("a stop binds at once (B1, B5)", …)`. */
export function proofsIn(file: ProjectFile): readonly Proof[] {
  return [...withoutComments(file.text).matchAll(call)].flatMap(([, callee, , title = ""]) => {
    const ids = [...title.matchAll(idsInTitle)].flatMap((match) => (match[1] ?? "").split(/,\s*/));
    return (callee === "test" || callee === "it") && ids.length > 0 ? [{ file: file.path, title, ids }] : [];
  });
}

/** Puts each proof beside the features that it names. */
export function coverageOf(features: readonly Feature[], proofs: readonly Proof[]): Coverage {
  const known = new Set(features.map(({ id }) => id));
  return {
    rows: features.map((feature) => ({
      ...feature,
      tests: proofs.filter(({ ids }) => ids.includes(feature.id)).map(({ file, title }) => ({ file, title })),
    })),
    unknown: proofs.flatMap(({ file, title, ids }) =>
      ids.filter((id) => !known.has(id)).map((id) => `${file}: "${title}" names ${id}, which is not in features.json`),
    ),
  };
}

/** Reads the table and every test of the project. */
export async function readCoverage(root: string): Promise<Coverage> {
  const table = await readFile(join(root, "packages/tooling/features.json"), "utf8");
  const tests = await readFiles(root, { folders: ["apps", "packages"], pattern: /\.test\.ts$/ });
  return coverageOf(JSON.parse(table) as Feature[], tests.filter(isAboutTheProduct).flatMap(proofsIn));
}

/** The tests of this scan hold titles as samples. */
const isAboutTheProduct = ({ path }: ProjectFile) => path !== "packages/tooling/src/verify/features.test.ts";

export const featuresCheck: Check = {
  name: "features",
  run: async (root) => (await readCoverage(root)).unknown,
};
