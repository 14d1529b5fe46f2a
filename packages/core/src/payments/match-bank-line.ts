/** What a line of a statement may be for. Amounts in minor units of the line's currency. */
export interface Candidate<Key> {
  readonly id: Key;
  /** Its reference, by {@link referenceKey}. */
  readonly key: string;
  /** What may still be paid. */
  readonly payable: number;
  readonly clientName: string;
}

/** `sure`: it is paid. `likely`: somebody should look. */
export type BankMatch<Key> = { readonly kind: "sure" | "likely"; readonly id: Key } | { readonly kind: "open" };

/** References that are shorter stand in too many texts by chance. */
const SURE_LENGTH = 5;
const LEGAL_FORMS = new Set(
  "ltd limited llp plc inc incorporated corp corporation co company llc gmbh ag kg ohg ug mbh sarl sas sa srl spa sl bv nv ab as oy the and und et y".split(
    " ",
  ),
);

/**
 * What a bank line is for. Sure is a line whose text has the reference of one request alone, and that is not more than
 * is owed for it. Likely is one with a short reference or too large an amount, and one whose amount only one request
 * has, of a client whose name stands in the text. All else is open: a person decides.
 */
export function matchBankLine<Key>(
  { amount, text }: { readonly amount: number; readonly text: string },
  candidates: readonly Candidate<Key>[],
): BankMatch<Key> {
  const written = referenceKey(text);
  const payable = candidates.filter((candidate) => candidate.payable > 0);
  const named = namedIn(written, payable);
  const [only, ...others] = named;
  if (others.length > 0) return { kind: "open" };
  if (only) {
    const isSure = amount <= only.payable && only.key.length >= SURE_LENGTH;
    return { kind: isSure ? "sure" : "likely", id: only.id };
  }
  const [equal, ...more] = payable.filter((candidate) => candidate.payable === amount);
  if (equal && more.length === 0 && hasName(text, equal.clientName)) return { kind: "likely", id: equal.id };
  return { kind: "open" };
}

/** Those whose reference stands in the text, and not only as a part of a longer one that does: `INV-10` in `INV-10-B`. */
function namedIn<Key>(written: string, candidates: readonly Candidate<Key>[]): readonly Candidate<Key>[] {
  let rest = written;
  const found = candidates.filter(({ key }) => hasReference(written, key));
  return found
    .toSorted((one, other) => other.key.length - one.key.length)
    .filter(({ key }) => {
      const stands = hasReference(rest, key);
      rest = rest.replaceAll(key, " ");
      return stands;
    });
}

/** Banks and people leave out signs and blanks; a digit more on either side is another number. */
function hasReference(written: string, reference: string): boolean {
  if (reference === "") return false;
  for (let at = written.indexOf(reference); at !== -1; at = written.indexOf(reference, at + 1)) {
    const [before = "", after = ""] = [written[at - 1], written[at + reference.length]];
    const cuts = (one: string, other: string | undefined) => /\d/.test(one) && /\d/.test(other ?? "");
    if (!cuts(before, reference[0]) && !cuts(after, reference.at(-1))) return true;
  }
  return false;
}

function hasName(text: string, clientName: string): boolean {
  const there = new Set(wordsOf(text));
  const telling = wordsOf(clientName).filter((word) => word.length > 1 && !LEGAL_FORMS.has(word));
  return telling.length > 0 && telling.every((word) => there.has(word));
}

/** A reference as it is looked for: its letters and digits alone. */
export function referenceKey(text: string): string {
  return folded(text).replaceAll(/[^\p{L}\p{N}]/gu, "");
}

const folded = (text: string) => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text: string) =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
