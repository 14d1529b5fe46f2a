import { createHash, randomBytes } from "node:crypto";
import { close, open, read, write } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
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

const PIECE_BYTES = 64 * 1024;
const openFile = promisify(open);
const closeFile = promisify(close);
const readFile = promisify(read);
const writeFile = promisify(write);

/**
 * Take what a stranger sends, in constant memory, to be looked at before it is kept. The file has no name on the disk, so
 * that nothing of it stays when the process dies. Throws `payload_too_large` as soon as more than `maxBytes` came.
 */
export async function spool(content: Readable, maxBytes: number): Promise<Spooled> {
  // It may break before anyone listens.
  content.on("error", () => undefined);
  const fd = await openNameless();
  const hash = createHash("sha256");
  let bytes = 0;
  const store = async (chunk: Buffer): Promise<void> => {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    hash.update(chunk);
    for (let at = 0; at < chunk.length;) at += (await writeFile(fd, chunk, at)).bytesWritten;
  };
  try {
    // The file system's own streams close the file when they are ended early, whatever they are told.
    for await (const chunk of content) await store(chunk as Buffer);
  } catch (thrown) {
    content.destroy();
    await closeFile(fd);
    throw thrown;
  }
  return { bytes, sha256: hash.digest(), fd, read: () => Readable.from(piecesOf(fd)), close: () => closeFile(fd) };
}

async function* piecesOf(fd: number): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const { buffer, bytesRead } = await readFile(fd, Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

/** Its name is gone before anything is in it. */
async function openNameless(): Promise<number> {
  const path = join(tmpdir(), `reminder-app-${randomBytes(12).toString("hex")}.upload`);
  const fd = await openFile(path, "wx+", 0o600);
  await rm(path);
  return fd;
}

function tooLarge(maxBytes: number): AppError {
  return new AppError("payload_too_large", `The file is too large; it may have ${maxBytes} bytes at most`);
}
