/**
 * What a reader does not see, or what makes a text read as another one: control characters, line and paragraph
 * separators, marks that turn the direction of writing (UAX 9), noncharacters, and halves of characters. Tab and line
 * breaks are not among them: whether they may stand in a text depends on the text.
 */
const HIDDEN =
  "[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069\\uFDD0-\\uFDEF\\uFFF9-\\uFFFB]|\\p{Surrogate}";
const hidden = new RegExp(HIDDEN, "u");
const everyHidden = new RegExp(HIDDEN, "gu");
const lineBreaks = /[\r\n]+/g;

export function hasHiddenCharacters(text: string): boolean {
  return hidden.test(text);
}

/** Most values are plain ASCII, which is told far sooner. */
const allPlain = /^[ -~]*$/;

/** `text` with a space for each hidden character: nothing after it reads differently, and no words grow together. */
export function withoutHiddenCharacters(text: string): string {
  return allPlain.test(text) ? text : text.replace(everyHidden, " ");
}

/** `text` on one line, as headers, subjects and names have to be (RFC 5322, section 2.2). */
export function onOneLine(text: string): string {
  return withoutHiddenCharacters(text).replace(lineBreaks, " ").trim();
}
