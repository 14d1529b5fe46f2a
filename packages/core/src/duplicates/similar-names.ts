/** A client by name. */
export interface Named<Key> {
  readonly id: Key;
  readonly name: string;
}

/** Two clients whose names are alike, the older one first. */
export type Pair<Key> = readonly [Key, Key];

/** Words that tell little of a firm: what it is by law, and what stands between words. */
const idle = new Set(
  "ltd limited llc llp plc inc incorporated corp corporation co company gmbh ag ug kg ohg ev sl slu sa sas sarl srl spa snc bv nv oy ab as aps pty the and und et y e".split(
    " ",
  ),
);
/** A block of more names than this tells nothing by what they share. */
const MOST_IN_BLOCK = 50;
/** The work is bounded, however many names there are. */
const MOST_COMPARISONS = 200_000;
const ALIKE = 0.88;
/** Shorter names differ too easily by one letter alone. */
const SHORTEST = 6;
const PREFIX = 5;

/**
 * Pairs of names that probably mean the same: equal but for case, marks, punctuation, the order of words and the form of
 * the company, or nearly so. Only names that begin or end alike are compared, and no more than a bounded number of them.
 */
export function similarNames<Key>(clients: readonly Named<Key>[]): Pair<Key>[] {
  const firstOf = new Map<string, Key>();
  const equal: Pair<Key>[] = [];
  for (const { id, name } of clients) {
    const key = nameKey(name);
    const first = firstOf.get(key);
    if (key === "") continue;
    if (first === undefined) firstOf.set(key, id);
    else equal.push([first, id]);
  }
  return [...equal, ...nearlyEqual([...firstOf])];
}

/** Pairs of different keys that are nearly equal. */
function nearlyEqual<Key>(known: readonly (readonly [string, Key])[]): Pair<Key>[] {
  const blocks = new Map<string, (readonly [string, Key])[]>();
  const found: Pair<Key>[] = [];
  let left = MOST_COMPARISONS;
  for (const one of known) {
    const [begins, ends] = blocksOf(one[0]).map((name) => openBlock(blocks, name));
    const others = new Set([...(begins ?? []), ...(ends ?? [])].slice(0, left));
    left -= others.size;
    for (const other of others) if (areAlike(other[0], one[0])) found.push([other[1], one[1]]);
    for (const block of [begins, ends]) if (block && block.length < MOST_IN_BLOCK) block.push(one);
  }
  return found;
}

function openBlock<Value>(blocks: Map<string, Value[]>, name: string): Value[] {
  const block = blocks.get(name) ?? [];
  blocks.set(name, block);
  return block;
}

/** A name without what makes no difference: its words in the order of the alphabet. */
function nameKey(name: string): string {
  const words = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/['’.]/g, "")
    .split(/[^\p{L}\p{N}]+/u);
  const telling = words.filter((word) => word !== "" && !idle.has(word));
  return (telling.length > 0 ? telling : words.filter((word) => word !== "")).toSorted().join(" ");
}

function blocksOf(key: string): [string, string] {
  return [`^${key.slice(0, PREFIX)}`, `$${key.slice(-PREFIX)}`];
}

function areAlike(one: string, other: string): boolean {
  const longest = Math.max(one.length, other.length);
  if (Math.min(one.length, other.length) < SHORTEST) return false;
  // Numbers tell firms apart that are named alike.
  if (digitsOf(one) !== digitsOf(other)) return false;
  const most = Math.floor(longest * (1 - ALIKE));
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
}

const digitsOf = (key: string) => key.replaceAll(/\P{N}+/gu, " ");

/** By how many letters two words differ (Levenshtein). */
function distance(one: string, other: string): number {
  let before = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const swapped = (before[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      now.push(Math.min(swapped, (before[column] ?? 0) + 1, (now[column - 1] ?? 0) + 1));
    }
    before = now;
  }
  return before.at(-1) ?? 0;
}
