import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "./project-files.ts";

/** A project in small: for each rule a file that breaks it, beside files that may do what they do. */
const samples: Readonly<Record<string, string>> = {
  "packages/platform/src/ids.ts": "export const newId = () => 1;\n",
  "packages/platform/src/upwards.ts": 'export { get } from "../../core/src/get.ts";\n',
  "packages/schedule/src/slots.ts": 'import { newId } from "../../platform/src/ids.ts";\nexport const slot = newId;\n',
  "packages/db/src/sideways.ts": 'export type { Queue } from "../../queues/src/queue.ts";\n',
  "packages/queues/src/queue.ts":
    'import { slot } from "../../schedule/src/slots.ts";\nexport type Queue = typeof slot;\n',
  "packages/core/src/get.ts": 'import { load } from "./client.repo.ts";\nexport const get = load;\n',
  "packages/core/src/client.repo.ts": 'import { eq } from "drizzle-orm";\nexport const load = eq;\n',
  "packages/core/src/query.ts": 'import { sql } from "drizzle-orm";\nexport const list = sql;\n',
  "packages/core/src/circle-a.ts": 'import type { B } from "./circle-b.ts";\nexport type A = B;\n',
  "packages/core/src/circle-b.ts": 'import type { A } from "./circle-a.ts";\nexport type B = A;\n',
  "packages/core/src/unlisted.ts": 'import { pino } from "pino";\nexport const log = pino;\n',
  "packages/testing/src/given.ts": "export const given = 1;\n",
  "apps/api/src/queue.ts": 'import type { Queue } from "bullmq";\nexport type Mine = Queue;\n',
  "apps/api/src/ops/board.ts": 'import { Queue } from "bullmq";\nexport const board = Queue;\n',
  "apps/worker/src/neighbour.ts": 'import "../../api/src/queue.ts";\n',
  "apps/worker/src/given.ts": 'import "../../../packages/testing/src/given.ts";\n',
  "apps/worker/src/bad-habits.ts": `export default async function work(input: any): Promise<void> {
  work(input);
  console.log("done");
}
`,
  "apps/worker/src/good-habits.ts":
    "export async function work(input: string): Promise<void> {\n  if (input) await work(input);\n}\n",
};
const libraries = ["bullmq", "drizzle-orm", "pino"];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rules-"));
  const manifest = JSON.stringify({ dependencies: { bullmq: "1.0.0", "drizzle-orm": "1.0.0" } });
  const workspaces = ["packages/core", "packages/queues", "apps/api"].map((path) => [`${path}/package.json`, manifest]);
  const installed = libraries.flatMap((name) => [
    [`node_modules/${name}/package.json`, JSON.stringify({ name, main: "dist/index.js" })],
    [`node_modules/${name}/dist/index.js`, ""],
  ]);
  for (const [path = "", text = ""] of [...Object.entries(samples), ...workspaces, ...installed]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("imports that go the wrong way, and queries outside of repositories, are refused, and only those (S31)", async () => {
  const program = "dependency-cruiser/bin/dependency-cruiser.mjs";
  const said = await run(program, ["-c", setting("dependency-cruiser"), "packages", "apps"]);

  expect([...said.matchAll(/error ([a-z-]+): (\S+)/g)].map(([, rule, file]) => `${rule} ${file}`).toSorted()).toEqual([
    "apps-never-import-each-other apps/worker/src/neighbour.ts",
    "bullmq-only-where-queues-are-served apps/api/src/queue.ts",
    "middle-packages-stand-side-by-side packages/db/src/sideways.ts",
    "no-cycles packages/core/src/circle-a.ts",
    "no-test-code-in-production apps/worker/src/given.ts",
    "nothing-undeclared packages/core/src/unlisted.ts",
    "platform-imports-nothing-of-ours packages/platform/src/upwards.ts",
    "sql-only-in-repos packages/core/src/query.ts",
  ]);
});

test("habits that hide faults are refused, and only those", async () => {
  const said = await run("oxlint/bin/oxlint", ["-c", setting("oxlint"), "--type-aware", "-f", "unix", "apps/worker"]);

  expect([...said.matchAll(/^(\S+?):.*\[Error\/\S+\((\S+)\)\]$/gm)].map(([, file, rule]) => `${file} ${rule}`)).toEqual(
    expect.arrayContaining(
      ["no-default-export", "no-explicit-any", "no-console", "no-floating-promises"].map(
        (rule) => `apps/worker/src/bad-habits.ts ${rule}`,
      ),
    ),
  );
  expect(said).not.toContain("good-habits");
});

const setting = (name: string) => join(projectRoot, "packages/tooling", `${name}.json`);

/** What a tool says about the small project, whatever its exit code. */
function run(program: string, args: readonly string[]): Promise<string> {
  const script = join(projectRoot, "node_modules", program);
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: folder }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
}
