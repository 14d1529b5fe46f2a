import { type ValuePlace, listFor, markLink, valueFor } from "./merged-text.ts";

/**
 * A link of ours, a list, a value, or an address of the author's with the values in it; what looks like an address
 * within a list or a value is none.
 */
const anyPiece =
  /\uFDD2[^\uFDD3]*\uFDD3|(\uFDD4[^\uFDD5]*\uFDD5)|\uFDD0([^\uFDD1]*)\uFDD1|\b(?:https?:\/\/|mailto:|tel:)[^\s<>"\uFDD0\uFDD2\uFDD4]*(?:\uFDD0[^\uFDD1]*\uFDD1[^\s<>"\uFDD0\uFDD2\uFDD4]*)*/gi;
const everyValue = /\uFDD0([^\uFDD1]*)\uFDD1/g;
const valueInHost = /^https?:\/\/[^/?#\\]*\uFDD0/i;
const webAddress = /^(https?:\/\/)([^/?#\\]*)(.*)$/is;
/** A host that reads as what it is; all others are written as the browser would resolve them. */
const plainHost = /^[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z][a-z\d-]*(?::\d{1,5})?$/i;
const punctuation = new Set([".", ",", ";", ":", "!", "?", ")", "'"]);

/**
 * Finish what Liquid wrote: values are fitted to their place, and the addresses that the author wrote become links.
 * A value within a link is percent-encoded, so it stays one part of it, and it never is the host; a value alone never
 * is a link.
 */
export function finishText(written: string, place: ValuePlace): string {
  return written.replace(anyPiece, (found, list?: string, value?: string) => {
    if (found.startsWith("\uFDD2")) return found;
    if (list !== undefined) return listFor(place, list);
    if (value !== undefined) return valueFor(place, value);
    if (valueInHost.test(found)) return found.replace(everyValue, (_marked, part: string) => valueFor(place, part));
    return finishLink(found.replace(everyValue, (_marked, part: string) => encodeURIComponent(valueFor(place, part))));
  });
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
