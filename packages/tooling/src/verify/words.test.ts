import { expect, test } from "vitest";
import { wordFaults } from "./words.ts";

const inText = (text: string) => wordFaults({ path: "packages/core/src/a.ts", text });

test.each([
  "// Leases always use the database's clock: a worker's own may be wrong.",
  'router.get("/v1/home/summary", handler);',
  "type ClientPage = Page<Client>;",
  "const link = `${publicUrl}/tmp/x`;",
  "See README.md.",
])("the text may say %s", (text) => {
  expect(inText(text)).toEqual([]);
});

test.each([
  ["// TODO: handle refunds", "unfinished"],
  ['const folder = "/home/me/project";', "one machine"],
  ["see /root/notes.md", "one machine"],
  ["curl https://registry.example.org/x", "registry"],
  ["Co-Authored-By: somebody", "who wrote it"],
  ["As 03-delivery.md says", "outside the project"],
  ["// Previously this was a table.", "history"],
  ["export class ReminderManager {}", "vague"],
  ["const dateUtils = {};", "vague"],
])("%s is refused", (text, reason) => {
  expect(inText(`\n${text}`)).toEqual([expect.stringMatching(/^packages\/core\/src\/a\.ts:2 /)]);
  expect(inText(text).join()).toContain(reason);
});
