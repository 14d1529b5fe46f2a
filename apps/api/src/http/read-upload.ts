import type { Readable, Writable } from "node:stream";
import { type Spooled, spool } from "@reminder-app/files/spool";
import { SECOND_MS } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import createParser, { type FileInfo } from "busboy";
import type { Request } from "express";
import { allowSlowBody } from "./slow-bodies.ts";

/** A file of a form, whole and on this machine's disk until it is closed. */
export interface UploadedFile {
  /** As its sender names it. */
  readonly name: string;
  readonly media: string | undefined;
  readonly file: Spooled;
}

export interface UploadedForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly UploadedFile[];
}

export interface UploadLimits {
  readonly maxBytes: number;
  readonly maxFiles: number;
  readonly signal?: AbortSignal;
}

/** How many files one request may bring. */
export const MOST_FILES = 10;

const MULTIPART = /^multipart\/form-data\b/i;
const MOST_FIELDS = 20;
const MOST_FIELD_BYTES = 1_000;
/** How long what nobody reads any more may go on coming, so that its sender gets to read why. */
const LINGER_MS = 2 * SECOND_MS;

/**
 * Read a form with files, in constant memory, and hand it to `use`; its files are gone when that is done. A file that
 * is too large ends it at once, whatever else is still to come. Throws `unsupported_media_type`, `malformed_request` and
 * `payload_too_large`.
 */
export async function withUpload<Result>(
  req: Request,
  limits: UploadLimits,
  use: (form: UploadedForm) => Promise<Result>,
): Promise<Result> {
  const files: UploadedFile[] = [];
  allowSlowBody(req);
  try {
    return await use({ fields: await readForm(req, limits, files), files });
  } catch (thrown) {
    if (!req.readableEnded) discardRest(req);
    throw thrown;
  } finally {
    await Promise.all(files.map(({ file }) => file.close()));
  }
}

async function readForm(req: Request, limits: UploadLimits, files: UploadedFile[]): Promise<Record<string, string>> {
  const { maxBytes, maxFiles, signal } = limits;
  const parser = parserOf(req, maxFiles);
  const fields: Record<string, string> = Object.create(null) as Record<string, string>;
  const storing: Promise<void>[] = [];
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    parser.destroy(error);
  };
  const store = async (content: Readable, { filename, mimeType }: FileInfo): Promise<void> => {
    const file = await spool(content, maxBytes);
    files.push({ name: filename ?? "", media: mimeType, file });
  };
  parser.on("file", (_name, content, info) => {
    // A form of a page sends a nameless, empty part where no file was chosen.
    if (info.filename === undefined || info.filename === "") return void content.on("error", () => {}).resume();
    storing.push(store(content, info).catch((error: unknown) => fail(error as Error)));
  });
  parser.on("field", (name, value, { nameTruncated, valueTruncated }) => {
    if (nameTruncated || valueTruncated) fail(malformed(`has a field of more than ${MOST_FIELD_BYTES} bytes`));
    else if (name in fields) fail(malformed(`has the field ${name} more than once`));
    else fields[name] = value;
  });
  parser.on("filesLimit", () => fail(new AppError("payload_too_large", `Send at most ${maxFiles} files at once`)));
  for (const limit of ["fieldsLimit", "partsLimit"] as const)
    parser.on(limit, () => fail(malformed("has too many parts")));
  try {
    await feed(req, parser, signal);
    await Promise.all(storing);
    // The form may have ended before its last file was found wrong.
    if (failure) throw failure;
  } catch (thrown) {
    await Promise.all(storing);
    const first = failure ?? thrown;
    throw first instanceof AppError ? first : malformed("could not be read to its end", first);
  }
  return { ...fields };
}

/** Unlike a pipeline it leaves the request alone when the parser fails: it is still to be answered. */
function feed(req: Request, parser: Writable, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cut = () => void (req.complete || parser.destroy(malformed("was cut off")));
  const giveUp = () => void parser.destroy(signal?.reason as Error);
  parser.once("error", reject).once("close", resolve);
  req.once("error", cut).once("close", cut);
  signal?.addEventListener("abort", giveUp, { once: true });
  req.pipe(parser);
  return promise.finally(() => {
    req.unpipe(parser).off("error", cut).off("close", cut);
    signal?.removeEventListener("abort", giveUp);
  });
}

function parserOf(req: Request, maxFiles: number) {
  const isPlain = (req.get("content-encoding") ?? "identity") === "identity";
  if (!isPlain || !MULTIPART.test(req.get("content-type") ?? ""))
    throw new AppError("unsupported_media_type", "Send the files as Content-Type: multipart/form-data, not compressed");
  try {
    return createParser({
      headers: req.headers,
      defParamCharset: "utf8",
      limits: {
        files: maxFiles,
        fields: MOST_FIELDS,
        parts: MOST_FIELDS + maxFiles,
        fieldNameSize: 100,
        fieldSize: MOST_FIELD_BYTES,
        headerPairs: 50,
      },
    });
  } catch (cause) {
    throw malformed("says no boundary of its parts", cause);
  }
}

/** Without it a client that still sends would find its connection broken instead of the answer. */
function discardRest(req: Request): void {
  req.on("error", () => {}).resume();
  const cutOff = setTimeout(() => req.socket.destroy(), LINGER_MS);
  cutOff.unref();
  req.once("close", () => clearTimeout(cutOff));
}

function malformed(what: string, cause?: unknown): AppError {
  return new AppError("malformed_request", `The form ${what}`, { cause });
}
