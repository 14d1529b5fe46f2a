import { expect, test } from "vitest";
import { keywordOf } from "./keyword.ts";

const stopWords = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "opt out"];

test.each(stopWords)("%s stops, in any case and width, with spaces and punctuation around it (D1, S72)", (word) => {
  const wide = word.replaceAll(/[!-~]/g, (character) => String.fromCodePoint(character.charCodeAt(0) + 0xfee0));
  const lower = word.toLowerCase();
  const title = `${word[0]!.toUpperCase()}${lower.slice(1)}`;
  for (const text of [
    word,
    lower,
    title,
    ` ${word}\n`,
    `${word}.`,
    `"${lower}!"`,
    `${title} 🛑`,
    wide,
    `\u200b${word}`,
  ])
    expect([text, keywordOf(text)]).toEqual([text, "stop"]);
});

test.each([
  ["opt-out", "stop"],
  ["S.T.O.P.", "stop"],
  ["stop   all", "stop"],
  ["Start", "start"],
  ["unstop!", "start"],
  ["help", "help"],
  ["Info?", "help"],
])("%j means %s (D1, S72)", (text, keyword) => {
  expect(keywordOf(text)).toBe(keyword);
});

test.each([
  "please stop by tomorrow",
  "stop by at 5",
  "don't stop",
  "I will cancel the order",
  "the end",
  "yes",
  "no",
  "",
  "...",
  "stopp",
  "unsubscribed",
  "help me",
  "constructor",
  `stop${" ".repeat(200)}`,
  "ﬆop it",
])("%j is no keyword (D1, S72)", (text) => {
  expect(keywordOf(text)).toBeUndefined();
});
