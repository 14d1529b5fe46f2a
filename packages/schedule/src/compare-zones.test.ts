import { expect, test } from "vitest";
import { zonesIn, zonesThatDiffer } from "./compare-zones.ts";

const start = Date.UTC(2027, 0, 1);
const london = (march: string) =>
  `\nTZ="Europe/London"\n-\t-\t+00\tGMT\n${march}\t02\t+01\tBST\t1\n2027-10-31\t01\t+00\tGMT\n2028-03-26\t02\t+01\tBST\t1\n2028-10-29\t01\t+00\tGMT\n`;

test("zones are the same where each offset holds from its beginning to its end (A7)", () => {
  const tokyo = `\nTZ="Asia/Tokyo"\n-\t-\t+09\tJST\n`;
  const kathmandu = `\nTZ="Asia/Kathmandu"\n-\t-\t+0545\n`;
  expect(zonesThatDiffer(london("2027-03-28") + tokyo + kathmandu, start)).toEqual([]);
});

test("a zone differs where a change comes on another day, or does not come, or an offset is another (A7)", () => {
  expect(zonesThatDiffer(london("2027-03-21"), start)).toEqual(["Europe/London"]);
  expect(zonesThatDiffer(`\nTZ="Europe/London"\n-\t-\t+00\tGMT\n`, start)).toEqual(["Europe/London"]);
  expect(zonesThatDiffer(`\nTZ="Asia/Kathmandu"\n-\t-\t+0530\n`, start)).toEqual(["Asia/Kathmandu"]);
});

test("what is not a zone here, or cannot be read, concerns nobody (A7)", () => {
  expect(zonesThatDiffer(`\nTZ="Mars/Olympus"\n-\t-\t+01\tMT\n`, start)).toEqual([]);
  expect(zonesThatDiffer("zdump: unknown option", start)).toEqual([]);
});

test("the zones of a tz database are its zones and its links (A7)", () => {
  const text =
    "# version 2026f\nR L 1916 o - Jan 1 0 0 GMT\nZ Europe/London -0:1:15 - LMT 1847\n0 G %s\nL Europe/London GB\n";
  expect(zonesIn(text)).toEqual(["Europe/London", "GB"]);
});
