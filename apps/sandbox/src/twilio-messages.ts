import { queryNumber } from "./http-exchange.ts";
import type { Ledger } from "./ledger.ts";
import type { LedgerEntry } from "./ledger-entry.ts";

interface ListDeps {
  readonly ledger: Ledger;
  readonly account: { readonly accountSid: string };
}

/** Twilio's list: newest first, by `To`, `From` and `DateSent` (to the second, as Twilio keeps it), in pages. */
export function listMessages({ ledger, account }: ListDeps, url: URL): Record<string, unknown> {
  const pageSize = Math.min(1_000, queryNumber(url, "PageSize", 50));
  const page = queryNumber(url, "Page", 0);
  const to = url.searchParams.get("To");
  const candidates = to === null ? ledger.entries() : ledger.sentTo("sms", to);
  const matching = candidates.filter((entry) => entry.provider === "twilio" && matches(entry, url)).toReversed();
  const shown = matching.slice(page * pageSize, (page + 1) * pageSize);
  const pageUri = (number: number) => uriOfPage(url, { number, pageSize });
  return {
    messages: shown.map((entry) => presentMessage(entry, account.accountSid)),
    page,
    page_size: pageSize,
    start: page * pageSize,
    end: page * pageSize + Math.max(0, shown.length - 1),
    uri: pageUri(page),
    first_page_uri: pageUri(0),
    previous_page_uri: page > 0 ? pageUri(page - 1) : null,
    next_page_uri: (page + 1) * pageSize < matching.length ? pageUri(page + 1) : null,
  };
}

function matches(entry: LedgerEntry, { searchParams }: URL): boolean {
  const from = searchParams.get("From");
  const sentAt = wholeSecond(entry.at);
  const onDay = searchParams.get("DateSent");
  const notBefore = searchParams.get("DateSent>");
  const notAfter = searchParams.get("DateSent<");
  return (
    (from === null || entry.from === from) &&
    (onDay === null || entry.at.startsWith(onDay.slice(0, 10))) &&
    (notBefore === null || sentAt >= wholeSecond(notBefore)) &&
    (notAfter === null || sentAt <= wholeSecond(notAfter))
  );
}

function wholeSecond(date: string): number {
  return Math.floor(Date.parse(date) / 1_000);
}

function uriOfPage(url: URL, { number, pageSize }: { number: number; pageSize: number }): string {
  const query = new URLSearchParams(url.searchParams);
  query.set("PageSize", String(pageSize));
  query.set("Page", String(number));
  return `${url.pathname}?${query.toString()}`;
}

/** A message as Twilio shows it; dates are RFC 2822, to the second. */
export function presentMessage(entry: LedgerEntry, accountSid: string): Record<string, unknown> {
  const at = new Date(entry.at).toUTCString().replace("GMT", "+0000");
  const undelivered = entry.status === "undelivered";
  return {
    sid: entry.providerMessageId,
    account_sid: accountSid,
    api_version: "2010-04-01",
    body: entry.text,
    to: entry.to,
    from: entry.from,
    status: entry.status,
    direction: "outbound-api",
    date_created: at,
    date_updated: at,
    date_sent: entry.status === "queued" ? null : at,
    error_code: undelivered ? 30005 : null,
    error_message: undelivered ? "Unknown destination handset" : null,
    num_media: "0",
    num_segments: String(Math.max(1, Math.ceil((entry.text ?? "").length / 153))),
    price: null,
    price_unit: "USD",
    messaging_service_sid: null,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${entry.providerMessageId}.json`,
    subresource_uris: {},
  };
}
