import { TextDecoder } from "node:util";
import { AppError } from "@reminder-app/platform/errors";

type Encoding = "utf-8" | "windows-1252" | "utf-16le" | "utf-16be";

const LONGEST_CHARACTER = 4;

/**
 * The text of a file whose encoding nobody has named: as its byte order mark says, else UTF-8 when its first letter
 * beyond ASCII is that, else Windows-1252, which holds Latin-1. Throws `validation_failed` for what is no text.
 */
export async function* decodeText(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  let kept: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const arrived of bytes) {
    const piece = kept.length > 0 ? Buffer.concat([kept, arrived]) : arrived;
    kept = Buffer.alloc(0);
    if (isFirst && piece.length < LONGEST_CHARACTER) {
      kept = piece;
      continue;
    }
    const at = decoder ? 0 : firstBeyondAscii(piece);
    const encoding = (isFirst ? marked(piece) : undefined) ?? encodingAt(piece, at);
    isFirst = false;
    if (!decoder && !encoding) {
      // ASCII is the same in all of them; a character that is cut in two waits for its rest.
      kept = piece.subarray(at);
      yield plain(piece.subarray(0, at));
      continue;
    }
    decoder ??= new TextDecoder(encoding, { fatal: true });
    yield decode(decoder, piece);
  }
  if (kept.length > 0)
    decoder ??= new TextDecoder(marked(kept) ?? encodingAt(kept, firstBeyondAscii(kept)) ?? "windows-1252");
  if (decoder) yield decode(decoder, kept, { last: true });
}

function decode(decoder: TextDecoder, piece: Buffer, { last = false } = {}): string {
  try {
    return withoutNul(decoder.decode(piece, { stream: !last }));
  } catch (cause) {
    throw new AppError("validation_failed", "It is not in UTF-8 throughout; save it as CSV in UTF-8", { cause });
  }
}

function plain(piece: Buffer): string {
  return withoutNul(piece.toString("latin1"));
}

function withoutNul(text: string): string {
  if (!text.includes("\0")) return text;
  throw new AppError("validation_failed", "It is no text but something else; save it as CSV");
}

function marked(piece: Buffer): Encoding | undefined {
  if (piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf) return "utf-8";
  if (piece[0] === 0xff && piece[1] === 0xfe) return "utf-16le";
  return piece[0] === 0xfe && piece[1] === 0xff ? "utf-16be" : undefined;
}

function firstBeyondAscii(piece: Buffer): number {
  const at = piece.findIndex((byte) => byte > 0x7f);
  return at === -1 ? piece.length : at;
}

/** By the character that begins at `at`; undefined when there is none, or not yet enough of it. */
function encodingAt(piece: Buffer, at: number): Encoding | undefined {
  const lead = piece[at];
  if (lead === undefined) return undefined;
  const length =
    lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 0;
  const rest = piece.subarray(at + 1, at + length);
  if (length === 0 || rest.some((byte) => byte < 0x80 || byte > 0xbf)) return "windows-1252";
  return rest.length === length - 1 ? "utf-8" : undefined;
}
