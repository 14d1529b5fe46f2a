import { onOneLine, withoutHiddenCharacters } from "../hidden-characters.ts";

/**
 * A written text remembers which parts are values and which are links, by noncharacters (Unicode, section 23.7) that
 * no template and no value can hold.
 */
const VALUE = { start: "\uFDD0", end: "\uFDD1" } as const;
const LINK = { start: "\uFDD2", end: "\uFDD3" } as const;
const LIST = { start: "\uFDD4", end: "\uFDD5" } as const;
const everyMark = /[\uFDD0-\uFDD5]/g;
const lists = /(\uFDD4[^\uFDD5]*\uFDD5)/;
const everyLink = /\uFDD2([^\uFDD3]*)\uFDD3/g;

/** Where a merged value lands: in a text of lines, or where a provider takes parameters of one line, as WhatsApp does. */
export type ValuePlace = "text" | "parameter";

/** An address of ours, which is a link wherever it is written. */
export class PageLink {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  toString(): string {
    return this.#address;
  }
}

/** What Liquid writes for a value: hidden characters are gone before its marks come. Other objects are nothing to read. */
export function markValue(value: unknown): string {
  if (value instanceof PageLink) return markLink(String(value));
  if (Array.isArray(value))
    return LIST.start + value.map((item) => `- ${onOneLine(String(item))}`).join("\n") + LIST.end;
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return VALUE.start + withoutHiddenCharacters(text) + VALUE.end;
}

/** A parameter has no line breaks, no tabs and no more than three spaces in a row, or WhatsApp refuses the message. */
export function valueFor(place: ValuePlace, value: string): string {
  return place === "parameter" ? onOneLine(value).replaceAll(/\s+/g, " ") : value;
}

/** The same for a list: a line for each of its items, or one for all. */
export function listFor(place: ValuePlace, marked: string): string {
  return place === "parameter" ? itemsOf(marked).join("; ") : marked;
}

/** A text in pieces, its lists apart from the rest. */
export function splitLists(written: string): (string | readonly string[])[] {
  return written.split(lists).map((piece) => (piece.startsWith(LIST.start) ? itemsOf(piece) : piece));
}

function itemsOf(marked: string): string[] {
  return marked
    .slice(1, -1)
    .split("\n")
    .map((item) => item.slice("- ".length));
}

export function markLink(address: string): string {
  return LINK.start + address + LINK.end;
}

/** The text as a reader without HTML gets it. */
export function plainText(written: string): string {
  return written.replace(everyMark, "");
}

/** `written` with `link` in place of each of its links. */
export function replaceLinks(written: string, link: (address: string) => string): string {
  return written.replace(everyLink, (_marked, address: string) => link(address));
}
