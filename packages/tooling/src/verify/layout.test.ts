import { expect, test } from "vitest";
import { nameFaults, rootFaults } from "./layout.ts";

test("the top holds what the layout names, and what git ignores", () => {
  expect(rootFaults(["apps", "packages", "drizzle", ".env.example", ".env", ".env.testing", "node_modules"])).toEqual(
    [],
  );
});

test("configuration, notes and build results at the top are refused", () => {
  const entries = ["vitest.config.ts", "NOTES.md", ".eslintrc", "scripts"];

  expect(rootFaults(entries).map((fault) => fault.split(" ")[0])).toEqual(entries);
});

test.each([
  "packages/core/src/reminders/create-reminder.ts",
  "packages/core/src/reminders/reminder.repo.ts",
  "packages/core/src/reminders/create-reminder.test.ts",
  "packages/tooling/bootstrap/environment.d.mts",
  "packages/core/README.md",
  "packages/db/drizzle.config.ts",
])("%s is a good name", (path) => {
  expect(nameFaults(path)).toEqual([]);
});

test.each([
  ["packages/core/src/createReminder.ts", "not kebab-case"],
  ["packages/core/src/Reminders/create-reminder.ts", "not kebab-case"],
  ["packages/core/src/create_reminder.ts", "not kebab-case"],
  ["packages/core/src/utils/dates.ts", '"utils"'],
  ["packages/core/src/date-helpers.ts", '"helpers"'],
  ["packages/core/src/common/page.ts", '"common"'],
  ["packages/queues/src/queue-manager.ts", '"manager"'],
])("%s is refused", (path, reason) => {
  expect(nameFaults(path)).toEqual([expect.stringContaining(reason)]);
});
