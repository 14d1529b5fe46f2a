import { extname } from "node:path";
import { withoutHiddenCharacters } from "../hidden-characters.ts";

const MOST = 255;
/** Marks that are not seen, and some of which turn the direction of writing: `fdp.exe` would read as `exe.pdf`. */
const unseen = /\p{Cf}/gu;
/** What Windows takes in no name. */
const reserved = /[<>:"|?*]/g;

/** The name of a file as it may be shown, stored and downloaded: its last part, on one line, with its ending. */
export function cleanFileName(given: string): string {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? "";
  const plain = withoutHiddenCharacters(last.normalize("NFC").replaceAll(unseen, ""))
    .replaceAll(reserved, "_")
    .replaceAll(/\s+/g, " ")
    .replace(/^[ .]+/, "")
    .replace(/[ .]+$/, "");
  if (plain === "") return "file";
  const ending = extname(plain).slice(0, 20);
  return plain.length <= MOST
    ? plain
    : shortened(plain.slice(0, -ending.length || undefined), MOST - ending.length) + ending;
}

/** Cut between characters, not within one. */
function shortened(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, "");
}
