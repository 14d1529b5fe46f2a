import { weakWords, rows } from "./weak-words.ts";

/** So much of a password must be neither a common word, nor its owner's, nor a run of keys. */
const LEAST_OWN = 8;
const LEAST_DISTINCT = 5;
/** Shorter words stand in too many others. */
const LEAST_WORD = 4;
const LEAST_RUN = 4;
const PRODUCT = ["Reminder App", "reminders"];
const bothWays = rows.flatMap((row) => [row, Array.from(row).toReversed().join("")]);
const lookalikes: Readonly<Record<string, string>> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "0": "o",
  $: "s",
  "5": "s",
};

/**
 * Whether a password is among the first that a guesser tries: it repeats itself, or little is left of it without common
 * words, runs of keys and the words of `context` (names and addresses of its owner and their business).
 */
export function isGuessable(password: string, context: readonly string[]): boolean {
  const plain = password.toLowerCase().replaceAll(/[\s._-]/g, "");
  if (new Set(plain).size < LEAST_DISTINCT || isRepeated(plain)) return true;
  const words = [...weakWords, ...[...PRODUCT, ...context].flatMap(wordsOf)].toSorted(
    (one, other) => other.length - one.length,
  );
  const spelled = Array.from(plain, (character) => lookalikes[character] ?? character).join("");
  return [plain, spelled].some((text) => lengthOf(withoutRuns(withoutWords(text, words))) < LEAST_OWN);
}

/** How many code points a text has. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

function isRepeated(text: string): boolean {
  const unit = /^(.+?)\1+$/su.exec(text)?.[1];
  return unit !== undefined && lengthOf(unit) < LEAST_OWN;
}

/** The words of a name, and the name as one word. */
function wordsOf(name: string): string[] {
  const parts = name
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return [parts.join(""), ...parts].filter((word) => lengthOf(word) >= LEAST_WORD);
}

/** Years go as well: birthdays and the present one are what people add first. */
function withoutWords(text: string, words: readonly string[]): string {
  return words.reduce((left, word) => left.replaceAll(word, ""), text).replaceAll(/(?:19|20)\d\d/g, "");
}

/** The text with each run along a row taken out, and each repeated character once. */
function withoutRuns(text: string): string {
  const once = text.replaceAll(/(.)\1{2,}/gsu, "$1");
  let left = "";
  for (let at = 0; at < once.length;) {
    const run = runAt(once, at);
    if (run === 0) left += once.charAt(at);
    at += run || 1;
  }
  return left;
}

function runAt(text: string, at: number): number {
  let length = LEAST_RUN;
  const isRun = () => at + length <= text.length && bothWays.some((row) => row.includes(text.slice(at, at + length)));
  if (!isRun()) return 0;
  while (isRun()) length += 1;
  return length - 1;
}
