import { expect, test } from "vitest";
import { cleanFileName } from "./clean-file-name.ts";

test.each([
  ["Return 2027.pdf", "Return 2027.pdf"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\ada\\bill.pdf", "bill.pdf"],
  ["in\u202Efdp.exe", "infdp.exe"],
  ["a\u0000b\r\nc\u0007.pdf", "a b c .pdf"],
  ["\u200Bgru\u0308n.pdf", "grün.pdf"],
  [".. .hidden.pdf. ", "hidden.pdf"],
  ['what<is>"this"?.pdf', "what_is__this__.pdf"],
  ["half \uD83D.pdf", "half \uFFFD.pdf"],
  ["", "file"],
  ["/", "file"],
  ["...", "file"],
])("the name %j is kept as %j (G3, S34)", (given, kept) => {
  expect(cleanFileName(given)).toBe(kept);
});

test("a long name is cut between characters, and keeps its ending (G3)", () => {
  const name = cleanFileName(`${"😀".repeat(200)}.pdf`);
  expect(name).toMatch(/^(?:😀)+\.pdf$/u);
  expect(name.length).toBeLessThanOrEqual(255);
});
