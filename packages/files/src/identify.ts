import { fileTypeFromBuffer } from "file-type";
import { type ZipContent, checkZip } from "./check-zip.ts";
import { type FileKind, fileExtensions, kindByMedia, kindByName, mayBeCalled, mediaOf } from "./file-types.ts";
import { readHead } from "./read-head.ts";
import { refuseFile } from "./refusal.ts";
import type { Spooled } from "./spool.ts";

/** What its sender says about a file. */
export interface Claimed {
  /** Its name, already cleaned. */
  readonly name: string;
  /** The content type of its part. */
  readonly media: string | undefined;
}

const HEAD_BYTES = 4_100;
const ZIP = Buffer.from("PK\u0003\u0004");
/** What no text has: control characters but for tab, line feed, form feed and carriage return. */
const notText = /[\u0000-\u0008\u000B\u000E-\u001A\u001C-\u001F\u007F]/;

/**
 * The media type of a file by what is in it. Throws `validation_failed` with the reason where it is of no kind that is
 * taken, where name or declared type say another one, and where it holds macros or unpacks to an absurd size.
 */
export async function identify(file: Spooled, { name, media }: Claimed): Promise<string> {
  const wanted = kindByName(name);
  if (!wanted)
    throw refuseFile("file_kind", `files of this kind are not taken; send one of ${fileExtensions.join(", ")}`);
  if (file.bytes === 0) throw refuseFile("file_empty", "it is empty");
  if (!mayBeCalled(wanted, media))
    throw refuseFile("file_lies", `its name says ${wanted}, and its declared type another one`);
  const head = await readHead(file.fd, HEAD_BYTES);
  const found = await kindOf(file, head, wanted);
  if (found !== wanted) throw refuseFile("file_lies", `it is no ${wanted}, although its name says so`);
  return mediaOf(found);
}

async function kindOf(file: Spooled, head: Buffer, wanted: FileKind): Promise<FileKind | undefined> {
  if (head.subarray(0, ZIP.length).equals(ZIP)) return kindOfZip(await checkZip(file.fd, file.bytes));
  const found = await fileTypeFromBuffer(head);
  if (found) return kindByMedia(found.mime);
  if (wanted !== "csv" && wanted !== "txt") return undefined;
  return (await isText(file)) ? wanted : undefined;
}

function kindOfZip({ names, mimetype }: ZipContent): FileKind | undefined {
  if ([...names].some((entry) => /vbaProject\.bin$|(?:^|\/)Basic\/|(?:^|\/)Scripts\//i.test(entry)))
    throw refuseFile("file_macros", "it holds macros; save it without them");
  if (mimetype !== undefined) return kindByMedia(mimetype);
  if (!names.has("[Content_Types].xml")) return undefined;
  if (names.has("word/document.xml")) return "docx";
  return names.has("xl/workbook.xml") ? "xlsx" : undefined;
}

async function isText(file: Spooled): Promise<boolean> {
  for await (const chunk of file.read()) if (notText.test((chunk as Buffer).toString("latin1"))) return false;
  return true;
}
