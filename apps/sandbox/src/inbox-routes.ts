import { channelKinds, type ChannelKind } from "@reminder-app/platform/channel-kinds";
import { NotFoundError } from "@reminder-app/platform/errors";
import { z } from "zod";
import { checked, type Exchange, queryNumber, sendJson } from "./http-exchange.ts";
import type { Route } from "./http-server.ts";
import { publicFileRoutes } from "./inbox-files.ts";
import { findMessages } from "./inbox-search.ts";
import type { Ledger } from "./ledger.ts";
import type { LedgerEntry } from "./ledger-entry.ts";
import type { LiveFeed } from "./live-feed.ts";
import { readContent } from "./mail-content.ts";

interface InboxDeps {
  readonly ledger: Ledger;
  readonly feed: LiveFeed;
}

/** A mail's own page may load nothing and run nothing. Its styles stand in the mail itself. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'self'; form-action 'none'; frame-ancestors 'self'; " +
  "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox";

/** What the web inbox reads: pages of messages, one message, one mail's HTML, and what changes. */
export function inboxRoutes({ ledger, feed }: InboxDeps): readonly Route[] {
  return [
    { method: "GET", path: /^\/sandbox\/messages$/, handle: (exchange) => sendMessages(ledger, exchange) },
    { method: "GET", path: /^\/sandbox\/messages\/(?<seq>\d{1,12})$/, handle: (exchange) => sendMessage(ledger, exchange) },
    { method: "GET", path: /^\/sandbox\/messages\/(?<seq>\d{1,12})\/html$/, handle: (exchange) => sendHtml(ledger, exchange) },
    { method: "GET", path: /^\/sandbox\/events$/, handle: ({ res }) => feed.join(res) },
    ...publicFileRoutes(),
  ]; // prettier-ignore
}

async function sendMessages(ledger: Ledger, { url, res }: Exchange): Promise<void> {
  const given = url.searchParams.get("channel");
  const channel: ChannelKind | undefined = given ? checked(z.enum(channelKinds), given) : undefined;
  const messages = await findMessages(ledger, {
    channel,
    to: url.searchParams.get("to") ?? undefined,
    text: url.searchParams.get("q") ?? "",
    before: queryNumber(url, "before", Number.MAX_SAFE_INTEGER),
    limit: Math.min(200, queryNumber(url, "limit", 50)),
  });
  sendJson(res, { body: { messages, total: ledger.entries().length } });
}

async function sendMessage(ledger: Ledger, { params, res }: Exchange): Promise<void> {
  const entry = getEntry(ledger, params);
  const { raw: _, ...plain } = entry;
  const { html, ...content } = await readContent(entry);
  sendJson(res, { body: { ...plain, ...content, hasHtml: html !== undefined } });
}

async function sendHtml(ledger: Ledger, { params, res }: Exchange): Promise<void> {
  const { html } = await readContent(getEntry(ledger, params));
  res.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": mailPolicy,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  // Links open in a tab of their own: the frame has no room for them, and may not navigate its parent.
  res.end(`<!doctype html><base target="_blank">${html ?? ""}`);
}

function getEntry(ledger: Ledger, params: Exchange["params"]): LedgerEntry {
  const entry = ledger.get(Number(params["seq"]));
  if (!entry) throw new NotFoundError("Message", params["seq"] ?? "");
  return entry;
}
