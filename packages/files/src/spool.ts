import { createHash, randomBytes } from "node:crypto";
import { close, createReadStream, createWriteStream, open } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { AppError } from "@reminder-app/platform/errors";

/** A file that came whole, on this machine's disk until it is closed. */
export interface Spooled {
  readonly bytes: number;
  readonly sha256: Buffer;
  /** For what reads here and there instead of from the start. */
  readonly fd: number;
  /** All of it once more. */
  read(): Readable;
  close(): Promise<void>;
}

/**
 * Take what a stranger sends, in constant memory, to be looked at before it is kept. The file has no name on the disk, so
 * that nothing of it stays when the process dies. Throws `payload_too_large` as soon as more than `maxBytes` came.
 */
export async function spool(content: Readable, maxBytes: number): Promise<Spooled> {
  const fd = await openNameless();
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) return done(tooLarge(maxBytes));
      hash.update(chunk);
      return done(null, chunk);
    },
  });
  try {
    await pipeline(content, measure, createWriteStream("", { fd, autoClose: false }));
  } catch (thrown) {
    await closeFile(fd);
    throw thrown;
  }
  return {
    bytes,
    sha256: hash.digest(),
    fd,
    read: () => createReadStream("", { fd, start: 0, autoClose: false }),
    close: () => closeFile(fd),
  };
}

// A file's handle would wait for streams of it to close, and these are told not to close it.
const openFile = promisify(open);
const closeFile = promisify(close);

async function openNameless(): Promise<number> {
  const path = join(tmpdir(), `reminder-app-${randomBytes(12).toString("hex")}.upload`);
  const fd = await openFile(path, "wx+", 0o600);
  await rm(path);
  return fd;
}

function tooLarge(maxBytes: number): AppError {
  return new AppError("payload_too_large", `The file is too large; it may have ${maxBytes} bytes at most`);
}
