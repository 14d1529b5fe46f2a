import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { type Spooled, spool } from "./spool.ts";

/** The first bytes of real files, and enough after them to be told by. */
export const pdf = Buffer.from("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n");
export const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** What every virus scanner takes for a virus, and nothing else does: written in two parts, so that no scanner finds it here. */
export const eicar = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join("");

interface Packed {
  readonly name: string;
  /** What is stored, as the archive has it. */
  readonly data: Buffer;
  /** 8 is deflated; 0, which is meant when left out, is stored as it is. */
  readonly method?: 0 | 8;
  /** Of what it unpacks to; the archive's word for it. */
  readonly size?: number;
  readonly crc?: number;
  readonly encrypted?: true;
}

/** An archive of these entries. */
export function zipOf(entries: readonly Packed[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { name, data, method = 0, size = data.length, crc = crc32(data), encrypted } = entry;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(encrypted ? 1 : 0, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc, 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(name.length, 22);
    locals.push(Buffer.from("PK\u0003\u0004"), fields, Buffer.from(name), data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    centrals.push(Buffer.from("PK\u0001\u0002"), Buffer.from([20, 0]), fields, rest, Buffer.from(name));
    offset += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from("PK\u0005\u0006"), end]);
}

/** A document of a word processor, with these entries besides what makes it one. */
export function docxOf(entries: readonly Packed[] = []): Buffer {
  return zipOf([
    { name: "[Content_Types].xml", data: Buffer.from("<Types/>") },
    { name: "word/document.xml", data: Buffer.from("<w:document/>") },
    ...entries,
  ]);
}

/** A file as it came, whole. */
export function spooled(content: Buffer | string): Promise<Spooled> {
  return spool(Readable.from([Buffer.from(content)]), 100_000_000);
}
