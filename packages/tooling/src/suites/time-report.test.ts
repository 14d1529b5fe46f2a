import { expect, test } from "vitest";
import type { VitestReport } from "./run-vitest.ts";
import { familiesOf, timeFaultsOf } from "./time-report.ts";

const names = ["recurrence", "zones", "sequences", "holidays", "windows", "statutory", "agreement"];

function reportOf(tests: readonly { status?: string; measured: Readonly<Record<string, number>> }[]): VitestReport {
  const assertionResults = tests.map(({ status = "passed", measured }, index) => ({
    title: `test ${index}`,
    status,
    meta: { measured },
  }));
  return {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    testResults: [{ name: "a.test.ts", assertionResults }],
  };
}
const whole = names.map((name) => ({ measured: { [`${name} cases`]: 10, [`${name} violations`]: 0 } }));

test("each family adds up what its tests tried, and a whole report without violations is good", () => {
  const tests = reportOf([...whole, { measured: { "zones cases": 5, "zones violations": 0 } }]);
  const report = familiesOf(tests);
  expect(report.map(({ family }) => family)).toEqual(names);
  expect(report.find(({ family }) => family === "zones")).toEqual({ family: "zones", cases: 15, violations: 0 });
  expect(timeFaultsOf(report, tests)).toEqual([]);
});

test("a violation, a family that nobody tried and a test that failed are each a fault", () => {
  const tests = reportOf([
    ...whole.slice(1),
    { measured: { "windows cases": 1, "windows violations": 1 } },
    { status: "failed", measured: {} },
  ]);
  expect(timeFaultsOf(familiesOf(tests), tests)).toEqual([
    "nothing was tried of recurrence",
    "windows: 1 wrong",
    "failed: test 7",
  ]);
});
