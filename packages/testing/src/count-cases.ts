import type { TestContext } from "vitest";
import { reportMeasured } from "./measured.ts";

/** What is said about time, in families; `npm run test:time` adds up what their tests have tried. */
export type TimeFamily = "recurrence" | "zones" | "sequences" | "holidays" | "windows" | "statutory" | "agreement";

/** Keep with a test's result how many cases it tried, and in how many it found something wrong. */
export function countCases(
  task: TestContext["task"],
  family: TimeFamily,
  { cases, violations }: { readonly cases: number; readonly violations: number },
): void {
  reportMeasured(task, { [`${family} cases`]: cases, [`${family} violations`]: violations });
}
