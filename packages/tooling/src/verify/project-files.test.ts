import { expect, test } from "vitest";
import { linesOf, listFiles, projectRoot, withoutComments } from "./project-files.ts";

test("comments are blanked and lines keep their numbers", () => {
  const source = 'a(); // one\n/* two\nthree */ b("// not a comment"); c(`https://x/*`);';

  expect(withoutComments(source)).toBe('a();       \n      \n         b("// not a comment"); c(`https://x/*`);');
});

test("every match is told by its line", () => {
  expect(linesOf("a\nb a\n\na", /a/)).toEqual([1, 2, 4]);
});

test("the project's files are listed without what tools build, an absent folder is empty", async () => {
  const files = await listFiles(projectRoot, "packages/tooling");

  expect(files).toContain("packages/tooling/src/verify/project-files.ts");
  expect(files.filter((path) => /node_modules|dist\/|tsbuildinfo/.test(path))).toEqual([]);
  expect(await listFiles(projectRoot, "packages/absent")).toEqual([]);
});
