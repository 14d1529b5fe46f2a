import { expect, test } from "vitest";
import { type Feature, coverageOf } from "../verify/features.ts";
import { type TestResult, type VitestReport, measuredBy } from "./run-vitest.ts";
import { faultsOf, filesOf, requirementsOf } from "./security-report.ts";

const feature = (id: string, required?: true): Feature => ({
  id,
  sentence: `What ${id} promises`,
  class: "security",
  ...(required && { required }),
});
const table = [feature("S01", true), feature("S02", true), feature("S03")];
const proof = (file: string, ...ids: string[]) => ({ file, title: `it holds (${ids.join(", ")})`, ids });
const report = (files: Readonly<Record<string, readonly TestResult[]>>): VitestReport => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  testResults: Object.entries(files).map(([name, assertionResults]) => ({
    name: `/checkout/${name}`,
    assertionResults,
  })),
});
const passed = (title: string, measured = {}): TestResult => ({ title, status: "passed", meta: { measured } });
const failed = (title: string): TestResult => ({ title, status: "failed" });
const coveredIn = (proofs: ReturnType<typeof proof>[], results: VitestReport) =>
  requirementsOf(coverageOf(table, proofs), results, "/checkout")
    .filter(({ covered }) => covered)
    .map(({ id }) => id);

test("the files are those that prove something required, each once", () => {
  const coverage = coverageOf(table, [
    proof("b.test.ts", "S02"),
    proof("a.test.ts", "S01", "S02"),
    proof("c.test.ts", "S03"),
  ]);
  expect(filesOf(coverage)).toEqual(["a.test.ts", "b.test.ts"]);
});

test("a requirement is covered when it has tests, and each of them passed", () => {
  const proofs = [proof("a.test.ts", "S01"), proof("a.test.ts", "S02")];
  const all = report({ "a.test.ts": [passed("one (S01)"), passed("two (S01, S02)"), passed("three (S03)")] });
  expect(coveredIn(proofs, all)).toEqual(["S01", "S02"]);
  expect(coveredIn(proofs, report({ "a.test.ts": [passed("one (S01)"), failed("two (S01, S02)")] }))).toEqual([]);
});

test("a test that is written and did not run counts against its requirement", () => {
  const proofs = [proof("a.test.ts", "S01"), proof("b.test.ts", "S01"), proof("b.test.ts", "S02")];
  const half = report({ "a.test.ts": [passed("one (S01)")], "b.test.ts": [passed("another")] });
  expect(coveredIn(proofs, half)).toEqual([]);
});

test("what tests counted is added up, and what is wrong is told by name", () => {
  const results = report({
    "a.test.ts": [passed("one (S01)", { matrixCells: 20, matrixFailures: 1 }), passed("two", { matrixCells: 5 })],
  });
  expect([measuredBy(results, "matrixCells"), measuredBy(results, "canaryHits")]).toEqual([25, 0]);
  const requirements = requirementsOf(coverageOf(table, [proof("a.test.ts", "S01")]), results, "/checkout");
  const counts = { requirements: 2, covered: 1, matrixCells: 25, matrixFailures: 1, canaryHits: 2 };
  expect(faultsOf({ ...counts, fuzzRequests: 0, fuzz5xx: 3 }, requirements)).toEqual([
    "S02 has no test that ran",
    "1 cells of the matrix were answered wrongly",
    "2 canaries came out somewhere",
    "the fuzzer saw 3 failures",
    "the fuzzer did not run",
  ]);
});
