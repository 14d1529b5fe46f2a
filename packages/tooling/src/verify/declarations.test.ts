import { expect, test } from "vitest";
import { undeclaredImports } from "./declarations.ts";

const core = { name: "@reminder-app/core", dependencies: { "@reminder-app/db": "0.1.0" } };
const inCore = (text: string) => undeclaredImports({ path: "packages/core/src/a.ts", text }, core);

test("packages that the manifest declares may be imported", () => {
  expect(inCore('import { open } from "@reminder-app/db/database";\n// from "@reminder-app/queues/jobs"')).toEqual([]);
});

test("an undeclared package is named once, in whatever form it is imported", () => {
  const text = [
    'import type { Job } from "@reminder-app/queues/jobs";',
    'export { add } from "@reminder-app/queues/add";',
    'const channel = await import("@reminder-app/channels/channel");',
    'import "@reminder-app/platform/log";',
  ].join("\n");

  expect(inCore(text)).toEqual([
    "packages/core/src/a.ts imports @reminder-app/queues, which its package.json does not declare",
    "packages/core/src/a.ts imports @reminder-app/channels, which its package.json does not declare",
    "packages/core/src/a.ts imports @reminder-app/platform, which its package.json does not declare",
  ]);
});

test("a package reaches its own files by relative path", () => {
  expect(inCore('import { a } from "@reminder-app/core/clients/a";')).toEqual([
    "packages/core/src/a.ts imports its own package by name; use a relative path",
  ]);
});
