import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { openLedgerFile } from "./ledger-file.ts";

/** What a stand-in knows about a message at the moment it takes it. */
export interface Acceptance {
  readonly channel: ChannelKind;
  readonly provider: "smtp" | "twilio" | "whatsapp";
  readonly to: string;
  readonly from: string;
  readonly providerMessageId: string;
  /** Names the sender's attempt: end of the status callback's path, opaque callback data, or `X-Attempt` header. */
  readonly token?: string;
  /** `Message-ID` of a mail. */
  readonly messageId?: string;
  readonly text?: string;
  /** A mail as it came; parsed only when somebody looks. */
  readonly raw?: Buffer;
}

export interface LedgerEntry extends Acceptance {
  readonly seq: number;
  /** ISO instant of the acceptance. */
  readonly at: string;
  readonly status: MessageStatus;
}

export type MessageStatus = "queued" | "sent" | "delivered" | "read" | "undelivered" | "failed";

/** Everything that was accepted, in order. `seq` grows by one and is never used twice by one process. */
export interface Ledger {
  /** When this returns, the acceptance survives a kill of the process (if there is a file). */
  append(acceptance: Acceptance): LedgerEntry;
  setStatus(entry: LedgerEntry, status: MessageStatus): void;
  /** Oldest first. */
  entries(): readonly LedgerEntry[];
  after(seq: number, limit: number): readonly LedgerEntry[];
  get(seq: number): LedgerEntry | undefined;
  find(providerMessageId: string): LedgerEntry | undefined;
  /** All messages of one channel to one address, oldest first. */
  sentTo(channel: ChannelKind, to: string): readonly LedgerEntry[];
  onChange(listener: (entry: LedgerEntry | undefined) => void): () => void;
  clear(): void;
  close(): void;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export function createLedger(path: string | undefined): Ledger {
  const file = path === undefined ? undefined : openLedgerFile(path);
  const listeners = new Set<(entry: LedgerEntry | undefined) => void>();
  const byProviderId = new Map<string, LedgerEntry>();
  const byAddress = new Map<string, LedgerEntry[]>();
  let entries: LedgerEntry[] = [];
  let nextSeq = 1;

  for (const entry of file?.recovered ?? []) remember(entry);

  function remember(entry: LedgerEntry): void {
    entries.push(entry);
    byProviderId.set(entry.providerMessageId, entry);
    const key = addressKey(entry.channel, entry.to);
    const known = byAddress.get(key);
    if (known) known.push(entry);
    else byAddress.set(key, [entry]);
    nextSeq = entry.seq + 1;
  }

  function changed(entry: LedgerEntry | undefined): void {
    for (const listener of listeners) listener(entry);
  }

  const firstSeq = () => entries[0]?.seq ?? nextSeq;

  return {
    append(acceptance) {
      const status = acceptance.channel === "email" ? "delivered" : "queued";
      const entry: LedgerEntry = { seq: nextSeq, at: new Date().toISOString(), ...acceptance, status };
      file?.append(entry);
      remember(entry);
      changed(entry);
      return entry;
    },
    setStatus(entry, status) {
      (entry as Mutable<LedgerEntry>).status = status;
      changed(entry);
    },
    entries: () => entries,
    after: (seq, limit) => {
      const start = Math.max(0, seq - firstSeq() + 1);
      return entries.slice(start, start + limit);
    },
    get: (seq) => entries[seq - firstSeq()],
    find: (providerMessageId) => byProviderId.get(providerMessageId),
    sentTo: (channel, to) => byAddress.get(addressKey(channel, to)) ?? [],
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      entries = [];
      byProviderId.clear();
      byAddress.clear();
      file?.clear();
      changed(undefined);
    },
    close: () => file?.close(),
  };
}

function addressKey(channel: ChannelKind, to: string): string {
  return `${channel}:${normaliseAddress(channel, to)}`;
}

/** One spelling for each address: digits of a number, a mail address in lower case. */
export function normaliseAddress(channel: ChannelKind, address: string): string {
  return channel === "email" ? address.trim().toLowerCase() : address.replaceAll(/\D/g, "");
}
