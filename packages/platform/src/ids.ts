import { randomFillSync } from "node:crypto";

/** A UUID that says whose it is: an `Id<"Client">` cannot be passed where an `Id<"Reminder">` is wanted. */
export type Id<Entity extends string> = string & { readonly "~entity": Entity };

const COUNTER_LIMIT = 0x1000;
let lastMs = 0;
let counter = 0;
const pool = Buffer.alloc(16 * 128);
let taken = pool.length;

/**
 * A new UUIDv7 (RFC 9562, method 1): 48 bits of milliseconds, a 12-bit counter, 62 random bits.
 * Ids of one process sort in the order in which they were made, so inserts append to the primary key.
 */
export function newId<Entity extends string>(nowMs: number = Date.now()): Id<Entity> {
  tick(nowMs);
  const bytes = takeRandom();
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return formatUuid(bytes) as Id<Entity>;
}

/** 16 random bytes, fetched for many ids at once, for each call to the generator has its price. */
function takeRandom(): Buffer {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  taken += 16;
  return pool.subarray(taken - 16, taken);
}

function tick(nowMs: number): void {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = 0;
    return;
  }
  counter += 1;
  if (counter === COUNTER_LIMIT) {
    lastMs += 1;
    counter = 0;
  }
}

/** 16 bytes as the 36 characters of RFC 9562. */
export function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The 16 bytes of a UUID in text form. */
export function parseUuid(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll("-", ""), "hex");
}

/** Not after any id that was made at `at` or later. */
export function firstIdOf<Entity extends string>(at: Date): Id<Entity> {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  return formatUuid(bytes) as Id<Entity>;
}
