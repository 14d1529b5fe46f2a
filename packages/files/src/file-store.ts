import type { Readable } from "node:stream";

/** Where the bytes of files lie. Keys are made by us of letters, digits, `-` and `/`; they hold no names. */
export interface FileStore {
  /** Stores what the stream brings, whatever its size, in constant memory. A stream that breaks leaves nothing behind. Answers how many bytes came. */
  write(key: string, content: Readable): Promise<{ readonly bytes: number }>;
  /** Throws `not_found` when there is no such file. */
  read(key: string): Promise<Readable>;
  /** Does nothing when there is no such file. */
  remove(key: string): Promise<void>;
  close(): Promise<void>;
}
