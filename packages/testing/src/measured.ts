import type { TestContext } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** Figures that a test found, for whoever reads the report. */
    measured?: Readonly<Record<string, number>>;
  }
}

/** Keep what a test measured with its result, and print it. */
export function reportMeasured(task: TestContext["task"], measured: Readonly<Record<string, number>>): void {
  task.meta.measured = { ...task.meta.measured, ...measured };
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}
