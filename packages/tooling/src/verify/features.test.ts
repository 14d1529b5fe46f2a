import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { coverageOf, type Feature, proofsIn } from "./features.ts";
import { projectRoot } from "./project-files.ts";

const file = "packages/core/src/a.test.ts";
const idsOf = (text: string) => proofsIn({ path: file, text }).flatMap(({ ids }) => ids);

test("a title names one feature or several", () => {
  const text = `
    test("a stop binds at once (B1)", async () => {});
    it('retries never double (C8, C10)', () => {});
    test(
      \`a long one
 over lines (S01)\`,
      async () => {},
    );`;

  expect(proofsIn({ path: file, text })).toEqual([
    { file, title: "a stop binds at once (B1)", ids: ["B1"] },
    { file, title: "retries never double (C8, C10)", ids: ["C8", "C10"] },
    { file, title: "a long one\n over lines (S01)", ids: ["S01"] },
  ]);
});

test("tables of tests and concurrent tests count", () => {
  expect(idsOf('test.each([["a (A9)", 1], ["b", 2]])("%s is due (A1)", (name) => {});')).toEqual(["A1"]);
  expect(idsOf('test.concurrent("twenty race (C10)", async () => {});')).toEqual(["C10"]);
  expect(idsOf('test.each(cases.map(([a]) => a))("each (A2)", () => {});')).toEqual(["A2"]);
});

test("groups, comments, tests that do not run, other calls and other brackets prove nothing", () => {
  const text = `
    describe("deliveries (C7)", () => {
      // test("not written yet (C8)", () => {});
      test("a call of that name (RFC 8058) is made (soon)", () => {});
      log("sent (C9)", 1);
      test.todo("later (C10)");
      test.skip("not today (C10)", () => {});
    });`;

  expect(idsOf(text)).toEqual([]);
});

test("each feature is listed with its tests, and an id that is none is told", () => {
  const features: Feature[] = [
    { id: "A1", sentence: "Once", class: "must" },
    { id: "A2", sentence: "Again", class: "must" },
  ];
  const coverage = coverageOf(features, [{ file, title: "once and more (A1, Z9)", ids: ["A1", "Z9"] }]);

  expect(coverage.rows.map(({ id, tests }) => [id, tests])).toEqual([
    ["A1", [{ file, title: "once and more (A1, Z9)" }]],
    ["A2", []],
  ]);
  expect(coverage.unknown).toEqual([`${file}: "once and more (A1, Z9)" names Z9, which is not in features.json`]);
});

test("the table has every row once, each with a sentence and a known class", async () => {
  const table = JSON.parse(await readFile(join(projectRoot, "packages/tooling/features.json"), "utf8")) as Feature[];
  const ids = table.map(({ id }) => id);

  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(["A1", "A17", "K7", "S01", "S74"]));
  expect(table.filter(({ sentence }) => sentence.length < 20)).toEqual([]);
  expect(new Set(table.map((row) => row.class))).toEqual(new Set(["must", "expected", "beyond", "security"]));
  expect(table.filter(({ postponed }) => postponed).map(({ id }) => id)).toEqual(["C17", "H8", "H9"]);
});
