import { relative } from "node:path";
import { type Coverage, idsIn } from "../verify/features.ts";
import type { VitestReport } from "./run-vitest.ts";

/** One requirement with the tests that prove it, as they ended. */
export interface Requirement {
  readonly id: string;
  readonly sentence: string;
  readonly tests: readonly { readonly file: string; readonly title: string; readonly passed: boolean }[];
  /** It has tests, all of them ran, and all passed. */
  readonly covered: boolean;
}

/** What `npm run test:security -- --json` prints. */
export interface SecurityReport {
  readonly requirements: number;
  readonly covered: number;
  readonly matrixCells: number;
  readonly matrixFailures: number;
  readonly fuzzRequests: number;
  readonly fuzz5xx: number;
  readonly canaryHits: number;
}

/** The files whose tests name a requirement. */
export function filesOf({ rows }: Coverage): readonly string[] {
  const required = rows.filter((row) => row.required);
  return [...new Set(required.flatMap(({ tests }) => tests.map(({ file }) => file)))].toSorted();
}

/** How each requirement of the table came out; a file that brought no test for it where one is written counts against it. */
export function requirementsOf({ rows }: Coverage, report: VitestReport, root: string): readonly Requirement[] {
  const ended = resultsOf(report, root).flatMap((result) => idsIn(result.title).map((id) => ({ id, ...result })));
  const byId = Map.groupBy(ended, ({ id }) => id);
  return rows
    .filter((row) => row.required)
    .map(({ id, sentence, tests: written }) => {
      const tests = byId.get(id) ?? [];
      const allRan = written.every(({ file }) => tests.some((test) => test.file === file));
      const covered = tests.length > 0 && allRan && tests.every(({ passed }) => passed);
      return { id, sentence, tests: tests.map(({ file, title, passed }) => ({ file, title, passed })), covered };
    });
}

/** What keeps the report from being good, a line each. */
export function faultsOf(report: SecurityReport, requirements: readonly Requirement[]): readonly string[] {
  return [
    ...requirements
      .filter(({ covered }) => !covered)
      .map(({ id, tests }) => `${id} ${tests.length === 0 ? "has no test that ran" : "has a test that did not pass"}`),
    ...(report.matrixCells === 0 ? ["no test has counted matrixCells: who may call what was not tried"] : []),
    ...(report.matrixFailures > 0 ? [`${report.matrixFailures} cells of the matrix were answered wrongly`] : []),
    ...(report.canaryHits > 0 ? [`${report.canaryHits} canaries came out somewhere`] : []),
    ...(report.fuzz5xx > 0 ? [`the fuzzer saw ${report.fuzz5xx} failures`] : []),
    ...(report.fuzzRequests === 0 ? ["the fuzzer did not run"] : []),
  ];
}

function resultsOf({ testResults }: VitestReport, root: string) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ title, status }) => ({
      file: relative(root, name).replaceAll("\\", "/"),
      title,
      passed: status === "passed",
    })),
  );
}
