import { type ValuePlace, markLink, piecesOf, valueFor } from "./merged-text.ts";

const everyAddress = /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"]*/gi;
const addressEnd = /[\s<>"]/;
const webAddress = /^(https?:\/\/)([^/?#\\]*)(.*)$/is;
/** A host that reads as what it is; all others are written as the browser would resolve them. */
const plainHost = /^[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z][a-z\d-]*(?::\d{1,5})?$/i;
const punctuation = new Set([".", ",", ";", ":", "!", "?", ")", "'"]);

/**
 * Finish what Liquid wrote: values are fitted to their place, and the addresses that the author wrote become links.
 * A value within a link is percent-encoded, so it stays one part of it; a value alone never is a link.
 */
export function finishText(written: string, place: ValuePlace): string {
  let finished = "";
  let open: string | undefined;
  const close = (): void => {
    if (open !== undefined) finished += finishLink(open);
    open = undefined;
  };

  for (const { text, merged } of piecesOf(written)) {
    if (merged) {
      const value = valueFor(place, text);
      if (open !== undefined && !hasPlaceForValue(open)) close();
      if (open === undefined) finished += value;
      else open += encodeURIComponent(value);
      continue;
    }
    let rest = text;
    if (open !== undefined) {
      const end = rest.search(addressEnd);
      open += end === -1 ? rest : rest.slice(0, end);
      if (end === -1) continue;
      rest = rest.slice(end);
      close();
    }
    const last = [...rest.matchAll(everyAddress)].at(-1);
    const openFrom = last && last.index + last[0].length === rest.length ? last.index : rest.length;
    finished += rest.slice(0, openFrom).replace(everyAddress, finishLink);
    if (openFrom < rest.length) open = rest.slice(openFrom);
  }
  close();
  return finished;
}

/** What is misleading about the addresses in a template's source; said when it is saved. */
export function linkFaults(source: string): string[] {
  return [
    ...(/\bhttps?:\/\/[^\s/?#\\<>"]*@/i.test(source)
      ? ["has an address with a name before @, which hides where it leads; leave out what stands before the host"]
      : []),
    ...(/\bhttps?:\/\/[^\s/?#\\<>"]*\{/i.test(source)
      ? ["has a merge field in the host of an address; write the host out, fields may follow the first / after it"]
      : []),
  ];
}

/** A value may fill the path, the query or what follows mailto: and tel:, never the host. */
function hasPlaceForValue(address: string): boolean {
  const [, , host, rest] = webAddress.exec(address) ?? [];
  return host === undefined || rest !== "";
}

/** An address as it is shown, and as a link where its scheme is https, mailto or tel; what ends the sentence stays outside. */
function finishLink(found: string): string {
  let end = found.length;
  while (end > 0 && punctuation.has(found.charAt(end - 1))) end -= 1;
  const address = honestAddress(found.slice(0, end));
  if (address === undefined) return found;
  const isLink = /^(?:https:\/\/|mailto:.|tel:.)/i.test(address);
  return (isLink ? markLink(address) : address) + found.slice(end);
}

/**
 * Without a name before the host, which misleads readers, and with the host in ASCII, where no letter looks like
 * another. Undefined when there is no host that a browser would go to.
 */
function honestAddress(address: string): string | undefined {
  const [, scheme, authority = "", rest = ""] = webAddress.exec(address) ?? [];
  if (scheme === undefined) return address;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  if (plainHost.test(host)) return scheme + host + rest;
  return URL.canParse(`https://${host}`) ? scheme + new URL(`https://${host}`).host + rest : undefined;
}
