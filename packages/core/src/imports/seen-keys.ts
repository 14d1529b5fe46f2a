const PARTS = 3;
const FIRST_SIZE = 1_024;

/** In which row of a file each key came first: 12 bytes for a place, of which half are free, so that a file of any length fits. */
export interface SeenKeys {
  find(key: string): number | undefined;
  add(key: string, row: number): void;
}

export function createSeenKeys(): SeenKeys {
  let size = FIRST_SIZE;
  let table = new Uint32Array(size * PARTS);
  let count = 0;

  function placeOf(high: number, low: number): number {
    for (let at = low % size; ; at = (at + 1) % size) {
      const row = table[at * PARTS + 2];
      if (row === 0 || (table[at * PARTS] === high && table[at * PARTS + 1] === low)) return at * PARTS;
    }
  }

  function put(high: number, low: number, row: number): void {
    const place = placeOf(high, low);
    if (table[place + 2] !== 0) return;
    table.set([high, low, row], place);
    count += 1;
  }

  function grow(): void {
    const old = table;
    size *= 2;
    table = new Uint32Array(size * PARTS);
    count = 0;
    for (let at = 0; at < old.length; at += PARTS)
      if (old[at + 2] !== 0) put(old[at] ?? 0, old[at + 1] ?? 0, old[at + 2] ?? 0);
  }

  return {
    find(key) {
      const [high, low] = hashOf(key);
      const row = table[placeOf(high, low) + 2];
      return row === 0 ? undefined : row;
    },
    add(key, row) {
      const [high, low] = hashOf(key);
      put(high, low, row);
      if (count * 2 > size) grow();
    },
  };
}

/** Two hashes of 32 bits (FNV-1a, with an end that mixes): a million keys meet once in 37 million files. */
function hashOf(key: string): [number, number] {
  let high = 0x811c9dc5;
  let low = 0x9747b28c;
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
  }
  return [mixed(high, low), mixed(low, high)];
}

function mixed(one: number, other: number): number {
  let value = one ^ (other >>> 13);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
