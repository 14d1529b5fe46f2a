import { extname } from "node:path";

interface FileType {
  /** What the file is served as, and what its sender may call it. */
  readonly media: readonly [string, ...string[]];
  readonly extensions: readonly string[];
}

const office = "application/vnd.openxmlformats-officedocument";

/** The files that are taken. None of them can run anything where it is opened. */
const fileTypes = {
  pdf: { media: ["application/pdf", "application/x-pdf"], extensions: ["pdf"] },
  png: { media: ["image/png"], extensions: ["png"] },
  jpeg: { media: ["image/jpeg", "image/jpg", "image/pjpeg"], extensions: ["jpg", "jpeg"] },
  heic: { media: ["image/heic", "image/heif"], extensions: ["heic", "heif"] },
  tiff: { media: ["image/tiff"], extensions: ["tif", "tiff"] },
  webp: { media: ["image/webp"], extensions: ["webp"] },
  docx: { media: [`${office}.wordprocessingml.document`], extensions: ["docx"] },
  xlsx: { media: [`${office}.spreadsheetml.sheet`], extensions: ["xlsx"] },
  odt: { media: ["application/vnd.oasis.opendocument.text"], extensions: ["odt"] },
  ods: { media: ["application/vnd.oasis.opendocument.spreadsheet"], extensions: ["ods"] },
  // Windows calls it after the program that opens it.
  csv: {
    media: ["text/csv", "application/csv", "text/comma-separated-values", "application/vnd.ms-excel", "text/plain"],
    extensions: ["csv"],
  },
  txt: { media: ["text/plain"], extensions: ["txt"] },
} as const satisfies Readonly<Record<string, FileType>>;

export type FileKind = keyof typeof fileTypes;

const kinds = Object.keys(fileTypes) as FileKind[];

/** All endings of names that are taken, with their points. */
export const fileExtensions: readonly string[] = kinds.flatMap((kind) =>
  fileTypes[kind].extensions.map((extension) => `.${extension}`),
);

/** What a file's name says that it is. */
export function kindByName(name: string): FileKind | undefined {
  const extension = extname(name).slice(1).toLowerCase();
  return kinds.find((kind) => (fileTypes[kind].extensions as readonly string[]).includes(extension));
}

export function kindByMedia(media: string): FileKind | undefined {
  return kinds.find((kind) => (fileTypes[kind].media as readonly string[]).includes(media));
}

/** Whether a sender may call a file of this kind so. What says nothing is no lie. */
export function mayBeCalled(kind: FileKind, media: string | undefined): boolean {
  const called = media?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (called === "" || called === "application/octet-stream" || called === "binary/octet-stream") return true;
  return (fileTypes[kind].media as readonly string[]).includes(called);
}

export function mediaOf(kind: FileKind): string {
  return fileTypes[kind].media[0];
}
