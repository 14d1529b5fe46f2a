import { simpleParser } from "mailparser";
import type { LedgerEntry } from "./ledger-entry.ts";

/** What a client sees of a message. */
export interface MessageContent {
  readonly subject?: string;
  readonly fromName?: string;
  readonly text: string;
  readonly html?: string;
  /** The headers by which a mail reader offers to unsubscribe. */
  readonly listUnsubscribe?: string;
  readonly listUnsubscribePost?: string;
}

const parsed = new WeakMap<LedgerEntry, Promise<MessageContent>>();

/** A mail is parsed when it is first looked at, and once. */
export function readContent(entry: LedgerEntry): Promise<MessageContent> {
  const known = parsed.get(entry);
  if (known) return known;
  const content = entry.raw ? parseMail(entry.raw) : Promise.resolve({ text: entry.text ?? "" });
  parsed.set(entry, content);
  return content;
}

async function parseMail(raw: Buffer): Promise<MessageContent> {
  const { subject, from, text, html, headerLines } = await simpleParser(raw, { skipTextToHtml: true });
  const header = (name: string) => headerLines.find(({ key }) => key === name)?.line.replace(/^[^:]*:\s*/, "");
  const listUnsubscribe = header("list-unsubscribe");
  const listUnsubscribePost = header("list-unsubscribe-post");
  const fromName = from?.value[0]?.name;
  return {
    ...(subject !== undefined && { subject }),
    ...(fromName && { fromName }),
    text: text ?? "",
    ...(typeof html === "string" && { html }),
    ...(listUnsubscribe !== undefined && { listUnsubscribe }),
    ...(listUnsubscribePost !== undefined && { listUnsubscribePost }),
  };
}
