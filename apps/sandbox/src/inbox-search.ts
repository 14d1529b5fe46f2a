import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Ledger } from "./ledger.ts";
import type { LedgerEntry } from "./ledger-entry.ts";
import { type MessageContent, readContent } from "./mail-content.ts";

export interface InboxQuery {
  readonly channel?: ChannelKind | undefined;
  /** Only messages to this address; needs `channel`. */
  readonly to?: string | undefined;
  /** Found in addresses, subjects and texts, whatever the case. */
  readonly text: string;
  /** Only messages with a smaller `seq`. */
  readonly before: number;
  readonly limit: number;
}

/** A line of the inbox: the message without its mail, its text shortened. */
export interface InboxLine extends Omit<LedgerEntry, "raw">, Pick<MessageContent, "subject" | "fromName"> {
  readonly text: string;
}

const LONGEST_LINE = 2_000;
/** A text search looks at no more messages than this, for every mail among them must be parsed. */
const MOST_SEARCHED = 2_000;

/** Newest first. */
export async function findMessages(ledger: Ledger, query: InboxQuery): Promise<readonly InboxLine[]> {
  const { channel, to } = query;
  const candidates = channel && to !== undefined ? ledger.sentTo(channel, to) : ledger.entries();
  const wanted = query.text.trim().toLowerCase();
  const found: InboxLine[] = [];
  let searched = 0;
  for (
    let index = candidates.length - 1;
    index >= 0 && found.length < query.limit && searched < MOST_SEARCHED;
    index -= 1
  ) {
    const entry = candidates[index];
    if (!entry || entry.seq >= query.before || (channel && entry.channel !== channel)) continue;
    searched += 1;
    const content = await readContent(entry);
    if (wanted === "" || isIn(entry, { content, wanted })) found.push(lineOf(entry, content));
  }
  return found;
}

function isIn(entry: LedgerEntry, { content, wanted }: { content: MessageContent; wanted: string }): boolean {
  const places = [
    entry.to,
    entry.from,
    content.fromName,
    content.subject,
    content.text,
    entry.token,
    entry.providerMessageId,
  ];
  return places.some((place) => place?.toLowerCase().includes(wanted));
}

function lineOf({ raw: _, ...entry }: LedgerEntry, { html: __, text, ...content }: MessageContent): InboxLine {
  return { ...entry, ...content, text: text.slice(0, LONGEST_LINE) };
}
