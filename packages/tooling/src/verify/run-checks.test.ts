import { expect, test } from "vitest";
import { CouldNotAsk } from "./check.ts";
import { type CheckReport, runChecks } from "./run-checks.ts";

test("every check runs, no more than the lanes at once, and each is told as it ends", async () => {
  let running = 0;
  let most = 0;
  const told: CheckReport[] = [];
  const check = (name: string) => ({
    name,
    async run() {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return name === "bad" ? ["a fault"] : [];
    },
  });

  const reports = await runChecks(["a", "bad", "c", "d"].map(check), {
    root: ".",
    lanes: 2,
    report: (r) => told.push(r),
  });

  expect(most).toBe(2);
  expect(told).toEqual(reports);
  expect(reports.map(({ name }) => name).toSorted()).toEqual(["a", "bad", "c", "d"]);
  expect(reports.find(({ name }) => name === "bad")?.faults).toEqual(["a fault"]);
});

test("a check that throws has failed, and the others go on", async () => {
  const broken = { name: "broken", run: () => Promise.reject(new Error("no such tool")) };
  const fine = { name: "fine", run: () => Promise.resolve([]) };

  const reports = await runChecks([broken, fine], { root: ".", lanes: 1, report: () => undefined });

  expect(reports.map(({ faults }) => faults.length > 0)).toEqual([true, false]);
  expect(reports[0]?.faults.join()).toContain("no such tool");
});

test("a check whose question nobody answers has neither passed nor failed (S69)", async () => {
  const lonely = { name: "lonely", run: () => Promise.reject(new CouldNotAsk("nobody is there")) };

  const reports = await runChecks([lonely], { root: ".", lanes: 1, report: () => undefined });

  expect(reports).toMatchObject([{ name: "lonely", faults: [], unanswered: "nobody is there" }]);
});
