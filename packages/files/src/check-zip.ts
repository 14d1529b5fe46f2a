import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "@reminder-app/platform/errors";
import { type Entry, type ZipFile, fromBufferPromise, fromFdPromise } from "yauzl";
import { refuseFile } from "./refusal.ts";

/** What a file of an office program may unpack to; their text shrinks to a twentieth, rarely to a fiftieth. */
export const zipLimits = {
  entries: 10_000,
  bytes: 200 * 1024 * 1024,
  /** Counted from here on: what is small may be as dense as it likes. */
  ratioFromBytes: 5 * 1024 * 1024,
  ratio: 120,
  /** A document with a table in it, which has a picture. */
  depth: 2,
  /** An archive within an archive is unpacked in memory. */
  innerBytes: 20 * 1024 * 1024,
};

/** What an archive has, as far as it tells what the archive is. */
export interface ZipContent {
  readonly names: ReadonlySet<string>;
  /** The text of the entry `mimetype`, which OpenDocument files have. */
  readonly mimetype: string | undefined;
}

/** What all archives of one file may still unpack to. */
interface Budget {
  entries: number;
  bytes: number;
  readonly packedAll: number;
}

const LOCAL_HEADER = Buffer.from("PK\u0003\u0004");
const NAMED_TYPE = "mimetype";

/**
 * Unpack an archive to nowhere, with all archives in it, and stop where it becomes absurd: what it declares is not
 * believed. Throws `validation_failed` with the reason for a bomb, for what needs a password, and for what is broken.
 */
export async function checkZip(fd: number, bytes: number): Promise<ZipContent> {
  const budget = { entries: 0, bytes: 0, packedAll: bytes };
  return refusing(async () => checkArchive(await fromFdPromise(fd, { autoClose: false }), budget, 0));
}

async function refusing<Result>(check: () => Promise<Result>): Promise<Result> {
  try {
    return await check();
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw refuseFile("file_lies", "its archive is broken", thrown);
  }
}

async function checkArchive(zip: ZipFile, budget: Budget, depth: number): Promise<ZipContent> {
  const names = new Set<string>();
  let mimetype: string | undefined;
  if (zip.entryCount > zipLimits.entries) throw refuseFile("file_bomb", "it has too many entries");
  for await (const entry of zip.eachEntry()) {
    budget.entries += 1;
    if (budget.entries > zipLimits.entries) throw refuseFile("file_bomb", "it has too many entries");
    if (entry.isEncrypted())
      throw refuseFile("file_locked", "it is protected by a password, so nobody can look into it");
    names.add(entry.fileName);
    const content = await unpack(zip, entry, budget);
    if (entry.fileName === NAMED_TYPE) mimetype = content?.toString("latin1").trim();
    if (content?.subarray(0, LOCAL_HEADER.length).equals(LOCAL_HEADER)) await checkInner(content, budget, depth + 1);
  }
  return { names, mimetype };
}

async function checkInner(content: Buffer, budget: Budget, depth: number): Promise<void> {
  if (depth > zipLimits.depth) throw refuseFile("file_bomb", "it has archives within archives within archives");
  await checkArchive(await fromBufferPromise(content), budget, depth);
}

/** The content, where it is an archive or a short text; all else is only counted. */
async function unpack(zip: ZipFile, entry: Entry, budget: Budget): Promise<Buffer | undefined> {
  if (entry.fileName.endsWith("/")) return undefined;
  const kept: Buffer[] = [];
  let bytes = 0;
  let keeps = true;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (bytes === 0) keeps = entry.fileName === NAMED_TYPE || startsAsZip(chunk);
      bytes += chunk.length;
      budget.bytes += chunk.length;
      if (keeps) kept.push(chunk);
      done(
        keeps && bytes > zipLimits.innerBytes
          ? refuseFile("file_bomb", "an archive within it is too large")
          : overdraft(budget),
      );
    },
  });
  await pipeline(await zip.openReadStreamPromise(entry), count);
  return keeps ? Buffer.concat(kept) : undefined;
}

function startsAsZip(chunk: Buffer): boolean {
  return chunk.subarray(0, LOCAL_HEADER.length).equals(LOCAL_HEADER);
}

function overdraft({ bytes, packedAll }: Budget): AppError | null {
  if (bytes > zipLimits.bytes) return refuseFile("file_bomb", "it unpacks to too much");
  const isAbsurd = bytes > zipLimits.ratioFromBytes && bytes > packedAll * zipLimits.ratio;
  return isAbsurd ? refuseFile("file_bomb", "it unpacks to a size that is absurd for what it is") : null;
}
