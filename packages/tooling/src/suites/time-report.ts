import { measuredBy, type VitestReport } from "./run-vitest.ts";

/** What is said about time, in families; tests count under these names (`countCases` of the testing package). */
const families = ["recurrence", "zones", "sequences", "holidays", "windows", "statutory", "agreement"] as const;

/** What `npm run test:time -- --json` prints of each family. */
export interface FamilyReport {
  readonly family: (typeof families)[number];
  readonly cases: number;
  readonly violations: number;
}

/** What the tests of each family have tried, and what they found wrong. */
export function familiesOf(tests: VitestReport): readonly FamilyReport[] {
  return families.map((family) => ({
    family,
    cases: measuredBy(tests, `${family} cases`),
    violations: measuredBy(tests, `${family} violations`),
  }));
}

/** What keeps the report from being good, a line each. */
export function timeFaultsOf(report: readonly FamilyReport[], { testResults }: VitestReport): readonly string[] {
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== "passed").map(({ title }) => `failed: ${title}`),
  );
  return [
    ...report.filter(({ cases }) => cases === 0).map(({ family }) => `nothing was tried of ${family}`),
    ...report
      .filter(({ violations }) => violations > 0)
      .map(({ family, violations }) => `${family}: ${violations} wrong`),
    ...failed,
  ];
}
