import { describe, expect, test } from "vitest";
import { isGuessable } from "./guessable.ts";

const context = ["Dana Lane", "dana.l4ne", "Harbour & Quay Accountants"];

describe("what a guesser tries first is guessable (S11)", () => {
  test.each([
    ["a common word twice", "passwordpassword"],
    ["a common word with what is mostly added to it", "Password2026!!!"],
    ["a common word in look-alikes", "P@ssw0rdP@ssw0rd1"],
    ["several common words", "dragon monkey football"],
    ["a phrase that everybody knows", "correct horse battery staple"],
    ["one character", "aaaaaaaaaaaaaaaaaaaa"],
    ["few characters", "abababcabababcabab"],
    ["a short piece again and again", "kX9#kX9#kX9#kX9#"],
    ["digits in order", "123456789012345"],
    ["digits backwards", "987654321098765"],
    ["the alphabet", "abcdefghijklmnopqrs"],
    ["rows of keys", "qwertyuiopasdfghjkl"],
    ["columns of keys", "1qaz2wsx3edc4rfv"],
    ["a row of keys with an end", "qwertyuiop[]2026"],
    ["the product", "ReminderApp12345"],
    ["the owner's name", "danalane19840312"],
    ["the owner's address", "dana.l4ne@home!!"],
    ["the firm's name", "Harbour-Quay-2026"],
  ])("%s", (_what, password) => {
    expect(isGuessable(password, context)).toBe(true);
  });
});

describe("what is long and one's own is not (S11)", () => {
  test.each([
    ["words that are not the most common", "correct horse battery"],
    ["a sentence with a common word", "my monkey plays the bassoon"],
    ["a sentence with the owner's name", "dana walks to the lighthouse"],
    ["random letters", "gkrtowbnxmzeqha"],
    ["random characters", "x9$Lq2!vR7#tKp4"],
    ["another script", "мой кот любит огурцы"],
    ["pictures", "🐟🐠🐡🦈🐙🦑🦐🦞🦀🐚🐋🐬🐳🦭🐊"],
    ["eight characters of one's own", "v8#Kq2!x"],
  ])("%s", (_what, password) => {
    expect(isGuessable(password, context)).toBe(false);
  });

  test("and another owner's name may stand in it", () => {
    expect(isGuessable("danalane19840312", ["Eve Hill"])).toBe(false);
  });
});
