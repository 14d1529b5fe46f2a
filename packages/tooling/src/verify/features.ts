import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CallExpression,
  type Expression,
  type Identifier,
  type MemberExpression,
  type Node,
  parseSync,
} from "@swc/core";
import type { Check } from "./check.ts";
import { type ProjectFile, readFiles } from "./project-files.ts";

/** A row of features.json: what the product promises, in one sentence. */
export interface Feature {
  readonly id: string;
  readonly sentence: string;
  /** `must`, `expected` and `beyond` rank the product's features; `security` are its requirements. */
  readonly class: "must" | "expected" | "beyond" | "security";
  readonly postponed?: true;
  /** `npm run test:security` fails without a test that proves it. */
  readonly required?: true;
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

const idsInTitle = /\(([A-Z]\d{1,2}(?:,\s*[A-Z]\d{1,2})*)\)/g;

/** The features that a title names in brackets. */
export function idsIn(title: string): readonly string[] {
  return [...title.matchAll(idsInTitle)].flatMap((match) => (match[1] ?? "").split(/,\s*/));
}

/** The tests in `file` whose titles name features, as in `test("a stop binds at once (B1, B5)", …)`. */
export function proofsIn(file: ProjectFile): readonly Proof[] {
  const titles = testTitles(parseSync(file.text, { syntax: "typescript", target: "es2024" }));
  return titles.flatMap((title) => {
    const ids = idsIn(title);
    return ids.length > 0 ? [{ file: file.path, title, ids }] : [];
  });
}

/** First arguments of the calls `test(…)`, `it(…)`, `test.each(…)(…)` and their like, anywhere below `node`. */
function testTitles(node: unknown): readonly string[] {
  if (typeof node !== "object" || node === null) return [];
  const below = Object.values(node).flatMap(testTitles);
  if (!isCall(node) || !isTestFunction(node.callee)) return below;
  const title = textOf(node.arguments[0]?.expression);
  return title === undefined ? below : [title, ...below];
}

const isCall = (node: object): node is CallExpression => "type" in node && node.type === "CallExpression";

function isTestFunction(callee: Node): boolean {
  if (isIdentifier(callee)) return callee.value === "test" || callee.value === "it";
  if (isMember(callee))
    return isTestFunction(callee.object) && !(isIdentifier(callee.property) && runsNothing.has(callee.property.value));
  return isCall(callee) && isTestFunction(callee.callee);
}

const runsNothing = new Set(["skip", "todo"]);

const isMember = (node: Node): node is MemberExpression => node.type === "MemberExpression";
const isIdentifier = (node: Node): node is Identifier => node.type === "Identifier";

function textOf(title: Expression | undefined): string | undefined {
  if (title?.type === "StringLiteral") return title.value;
  if (title?.type === "TemplateLiteral") return title.quasis.map(({ cooked, raw }) => cooked ?? raw).join("…");
  return undefined;
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
