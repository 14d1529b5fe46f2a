import { createEntryIndex, type EntryIndex } from "./entry-index.ts";
import type { Acceptance, LedgerEntry, MessageStatus } from "./ledger-entry.ts";
import { openLedgerFile } from "./ledger-file.ts";

/** Everything that was accepted, in order. `seq` grows by one and is never used twice by one process. */
export interface Ledger extends Omit<EntryIndex, "add"> {
  /** When this returns, the acceptance survives a kill of the process (if there is a file). */
  append(acceptance: Acceptance): LedgerEntry;
  setStatus(entry: LedgerEntry, status: MessageStatus): void;
  /** Called with what changed, or undefined when the ledger was emptied. Returns how to stop. */
  onChange(listener: (entry: LedgerEntry | undefined) => void): () => void;
  close(): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function createLedger(path: string | undefined): Ledger {
  const file = path === undefined ? undefined : openLedgerFile(path);
  const index = createEntryIndex();
  const listeners = new Set<(entry: LedgerEntry | undefined) => void>();
  for (const entry of file?.recovered ?? []) index.add(entry);
  let nextSeq = (index.entries().at(-1)?.seq ?? 0) + 1;

  function changed(entry: LedgerEntry | undefined): void {
    for (const listener of listeners) listener(entry);
  }

  return {
    ...index,
    append(acceptance) {
      const status = acceptance.channel === "email" ? "delivered" : "queued";
      const entry: LedgerEntry = { seq: nextSeq, at: new Date().toISOString(), ...acceptance, status };
      file?.append(entry);
      index.add(entry);
      nextSeq += 1;
      changed(entry);
      return entry;
    },
    setStatus(entry, status) {
      (entry as Mutable<LedgerEntry>).status = status;
      changed(entry);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      index.clear();
      file?.clear();
      changed(undefined);
    },
    close: () => file?.close(),
  };
}
