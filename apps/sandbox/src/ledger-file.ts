import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { LedgerEntry } from "./ledger-entry.ts";

interface LedgerFile {
  readonly recovered: readonly LedgerEntry[];
  append(entry: LedgerEntry): void;
  clear(): void;
  close(): void;
}

/** Open or create a file of one JSON line for each acceptance. A line that a kill cut short was never answered: it goes. */
export function openLedgerFile(path: string): LedgerFile {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, "a+");
  const content = readFileSync(path);
  const whole = content.lastIndexOf("\n") + 1;
  if (whole < content.length) ftruncateSync(fd, whole);

  return {
    recovered: content
      .toString("utf8", 0, whole)
      .split("\n")
      .filter((line) => line !== "")
      .map(decode),
    append: (entry) => {
      writeSync(fd, encode(entry));
    },
    clear: () => ftruncateSync(fd, 0),
    close: () => closeSync(fd),
  };
}

/** A mail's bytes are kept one to one as latin1 text, which JSON holds in less room than base64. */
function encode({ raw, status: _, ...entry }: LedgerEntry): string {
  return `${JSON.stringify({ ...entry, ...(raw && { raw: raw.toString("latin1") }) })}\n`;
}

/** The timers of a killed process are gone, so what it had accepted counts as delivered. */
function decode(line: string): LedgerEntry {
  const { raw, ...entry } = JSON.parse(line) as Omit<LedgerEntry, "raw"> & { raw?: string };
  return { ...entry, status: "delivered", ...(raw !== undefined && { raw: Buffer.from(raw, "latin1") }) };
}
