import { expect, test } from "vitest";
import { environmentFaults } from "./environment-reads.ts";

const inApi = (text: string) => environmentFaults({ path: "apps/api/src/main.ts", text });

test("settings that are given, and a comment about the environment, are no reads", () => {
  expect(
    inApi(
      'import { env } from "./settings.ts";\nconst port = settings.PORT; // not process.env\nprocess.exitCode = 1;',
    ),
  ).toEqual([]);
});

test.each([
  'const port = process.env["PORT"];',
  "const port = process?.env.PORT;",
  'const all = process["env"];',
  'import { argv, env } from "node:process";',
  "const { env } = process;",
  "const mode = import.meta.env.MODE;",
])("%s reads the environment", (text) => {
  expect(inApi(`\n${text}`)).toEqual([
    "apps/api/src/main.ts:2 reads the environment; settings come from platform/config",
  ]);
});

test("the configuration itself and the tooling may read it", () => {
  const text = "process.env";

  expect(environmentFaults({ path: "packages/platform/src/config.ts", text })).toEqual([]);
  expect(environmentFaults({ path: "packages/tooling/bootstrap/environment.mjs", text })).toEqual([]);
});
