import { expect, test } from "vitest";
import { smsParts } from "./sms-parts.ts";

test.each([
  ["nothing", "", 1],
  ["160 characters of GSM", "a".repeat(160), 1],
  ["161 of them", "a".repeat(161), 2],
  ["306 of them", "é".repeat(306), 2],
  ["307 of them", "é".repeat(307), 3],
  ["80 that take two places", "€".repeat(80), 1],
  ["81 of those", "€".repeat(81), 2],
  ["70 others", "ш".repeat(70), 1],
  ["71 others", "ш".repeat(71), 2],
  ["34 emoji of two units each", "😀".repeat(34), 1],
  ["36 of them", "😀".repeat(36), 2],
])("%s take as many SMS as GSM 03.38 says", (_what, text, parts) => {
  expect(smsParts(text)).toBe(parts);
});
