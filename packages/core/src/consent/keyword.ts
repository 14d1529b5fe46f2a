export type Keyword = "stop" | "start" | "help";

const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ...["STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT"].map(
    (word) => [word, "stop"] as const,
  ),
  ["START", "start"],
  ["UNSTOP", "start"],
  ["HELP", "help"],
  ["INFO", "help"],
]);

/** No message that is a keyword is longer, and none that is longer is looked at. */
const LONGEST = 100;

/**
 * The keyword that a message consists of; undefined for any other message, also one that has such a word in it. Case,
 * width, punctuation and spaces around it do not matter. YES is none: it is what people answer to a reminder.
 */
export function keywordOf(text: string): Keyword | undefined {
  if (text.length > LONGEST) return undefined;
  const words = text
    .normalize("NFKC")
    .replaceAll(/\p{Pd}/gu, " ")
    .replaceAll(/[\p{P}\p{S}\p{Cf}\p{Mn}]/gu, "")
    .trim()
    .split(/\s+/);
  return keywords.get(words.join(" ").toUpperCase());
}
