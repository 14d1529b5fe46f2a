import { expect, test } from "vitest";
import { csvLine } from "./csv.ts";

test.each([
  '=HYPERLINK("http://evil.example";"click")',
  "+1+1",
  "-1+cmd|' /C calc'!A0",
  "@SUM(A1:A9)",
  "\tnext",
  "\r=1",
  "  =1",
  "\uff1d1+1",
])("a cell that would be run as a formula, %j, becomes text (S35)", (cell) => {
  expect(csvLine([cell])).toMatch(/^"?'/);
});

test("other cells stay as they are, with quotes where the format needs them (S35)", () => {
  expect(csvLine(["Hill Ltd", 'the "big" one', "a,b", "two\nlines", -12.5, 7, null])).toBe(
    'Hill Ltd,"the ""big"" one","a,b","two\nlines",-12.5,7,\r\n',
  );
  expect(csvLine(["-3", "1=1", "a+b"])).toBe("-3,1=1,a+b\r\n");
});
