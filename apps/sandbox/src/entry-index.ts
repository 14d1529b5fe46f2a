import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { type LedgerEntry, normaliseAddress } from "./ledger-entry.ts";

/** The entries in memory, found by number, provider's id or address. Their numbers have no gaps. */
export interface EntryIndex {
  add(entry: LedgerEntry): void;
  /** Oldest first. */
  entries(): readonly LedgerEntry[];
  after(seq: number, limit: number): readonly LedgerEntry[];
  get(seq: number): LedgerEntry | undefined;
  find(providerMessageId: string): LedgerEntry | undefined;
  /** All messages of one channel to one address, oldest first. */
  sentTo(channel: ChannelKind, to: string): readonly LedgerEntry[];
  clear(): void;
}

export function createEntryIndex(): EntryIndex {
  const byProviderId = new Map<string, LedgerEntry>();
  const byAddress = new Map<string, LedgerEntry[]>();
  let entries: LedgerEntry[] = [];

  const positionOf = (seq: number) => seq - (entries[0]?.seq ?? 1);
  const keyOf = (channel: ChannelKind, to: string) => `${channel}:${normaliseAddress(channel, to)}`;

  return {
    add(entry) {
      entries.push(entry);
      byProviderId.set(entry.providerMessageId, entry);
      const key = keyOf(entry.channel, entry.to);
      const known = byAddress.get(key);
      if (known) known.push(entry);
      else byAddress.set(key, [entry]);
    },
    entries: () => entries,
    after(seq, limit) {
      const start = Math.max(0, positionOf(seq) + 1);
      return entries.slice(start, start + limit);
    },
    get: (seq) => entries[positionOf(seq)],
    find: (providerMessageId) => byProviderId.get(providerMessageId),
    sentTo: (channel, to) => byAddress.get(keyOf(channel, to)) ?? [],
    clear() {
      entries = [];
      byProviderId.clear();
      byAddress.clear();
    },
  };
}
