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
const MOST_COMPARISONS = 100_000;
const ALIKE = 0.88;
/** Shorter names differ too easily by one letter alone. */
const SHORTEST = 6;
const PREFIX = 5;

/** Compares names one after the other, so that who has many can pause in between. */
export interface NameMatcher<Key> {
  /** The pairs that a name makes with those that were added before. */
  add(client: Named<Key>): Pair<Key>[];
}

/**
 * Finds names that probably mean the same: equal but for case, marks, punctuation, the order of words and the form of the
 * company, or nearly so. Only names that begin or end alike are compared, and no more than a bounded number of them.
 */
export function createNameMatcher<Key>(): NameMatcher<Key> {
  const firstOf = new Map<string, Key>();
  const blocks = new Map<string, Known<Key>[]>();
  let left = MOST_COMPARISONS;

  function nearlyEqual(one: Known<Key>): Pair<Key>[] {
    const found: Pair<Key>[] = [];
    const met = new Set<Known<Key>>();
    for (const block of blocksOf(one.key).map((name) => openBlock(blocks, name))) {
      for (const other of block) {
        if (left === 0 || met.has(other)) continue;
        met.add(other);
        left -= 1;
        if (areAlike(other, one)) found.push([other.id, one.id]);
      }
      if (block.length < MOST_IN_BLOCK) block.push(one);
    }
    return found;
  }

  return {
    add({ id, name }) {
      const key = nameKey(name);
      if (key === "") return [];
      const first = firstOf.get(key);
      if (first !== undefined) return [[first, id]];
      firstOf.set(key, id);
      return left === 0 || key.length < SHORTEST
        ? []
        : nearlyEqual({ id, key, digits: key.replaceAll(/\P{N}+/gu, " ") });
    },
  };
}

interface Known<Key> {
  readonly id: Key;
  readonly key: string;
  /** Numbers tell firms apart that are named alike. */
  readonly digits: string;
}

function openBlock<Value>(blocks: Map<string, Value[]>, name: string): Value[] {
  const known = blocks.get(name);
  if (known) return known;
  const block: Value[] = [];
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

function areAlike<Key>(one: Known<Key>, other: Known<Key>): boolean {
  const most = Math.floor(Math.max(one.key.length, other.key.length) * (1 - ALIKE));
  return one.digits === other.digits && isWithin(one.key, other.key, most);
}

/** Whether two words differ by `most` letters at most (Levenshtein's distance, within the band that matters). */
function isWithin(one: string, other: string, most: number): boolean {
  if (Math.abs(one.length - other.length) > most) return false;
  const far = most + 1;
  let before = Array.from({ length: other.length + 1 }, (_, column) => Math.min(column, far));
  for (let row = 1; row <= one.length; row += 1) {
    const now = Array.from({ length: other.length + 1 }, () => far);
    if (row <= most) now[0] = row;
    let least = now[0] ?? far;
    for (let column = Math.max(1, row - most); column <= Math.min(other.length, row + most); column += 1) {
      const swapped = (before[column - 1] ?? far) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const cost = Math.min(swapped, (before[column] ?? far) + 1, (now[column - 1] ?? far) + 1, far);
      now[column] = cost;
      least = Math.min(least, cost);
    }
    if (least > most) return false;
    before = now;
  }
  return (before[other.length] ?? far) <= most;
}
