import { Transform } from "node:stream";

/** Passes bytes on and knows how many there were. */
export interface ByteCounter extends Transform {
  readonly bytes: number;
}

export function countBytes(): ByteCounter {
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return Object.defineProperty(counter, "bytes", { get: () => bytes }) as ByteCounter;
}
