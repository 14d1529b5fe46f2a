import { DAY_MS, after, earliest } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { type ClientLink, clientLinkRepo } from "./client-links.repo.ts";
import { linkTokenOf } from "./link-token.ts";
import { type MadeLink, newLink } from "./make-link.ts";

/** A link in a message opens for so many days at least. */
const LASTS_DAYS = 90;

/** Whose link is wanted. */
export interface Linked {
  readonly contactId: Id<"Contact">;
  readonly clientId: Id<"Client">;
  /** When the message came to be: all of its attempts carry the same link. */
  readonly since: Date;
}

/**
 * The tokens of the pages of some contacts, in the order of `wanted`: of the oldest link that lasts, which is the same
 * whenever the same message is written again, or of one that is made now. One query, and one insert for all who lack one.
 */
export async function pageTokens(tx: Ctx, wanted: readonly Linked[]): Promise<string[]> {
  const known = await knownPageTokens(tx, wanted);
  const made = new Map<Id<"Contact">, MadeLink>();
  for (const [index, { contactId, clientId }] of wanted.entries()) {
    if (known[index] !== undefined || made.has(contactId)) continue;
    made.set(contactId, newLink(tx, { contactId, clientId }, { purpose: "page" }));
  }
  await clientLinkRepo(tx).insertMany([...made.values()].map(({ link }) => link));
  return wanted.map(({ contactId }, index) => known[index] ?? made.get(contactId)?.token ?? "");
}

/** The same without making any: undefined where there is none. */
export async function knownPageTokens(ctx: Ctx, wanted: readonly Linked[]): Promise<(string | undefined)[]> {
  const first = earliest(wanted.map(({ since }) => since));
  if (!first) return [];
  const ids = [...new Set(wanted.map(({ contactId }) => contactId))];
  const links = await clientLinkRepo(ctx).lasting("page", ids, lastsUntil(first));
  const byContact = Map.groupBy(links, ({ contactId }) => contactId);
  return wanted.map(({ contactId, since }) => firstToken(ctx, byContact.get(contactId) ?? [], lastsUntil(since)));
}

function firstToken({ vault }: Pick<Ctx, "vault">, links: readonly ClientLink[], until: Date): string | undefined {
  for (const link of links) {
    const token = link.expiresAt >= until ? linkTokenOf(vault, link) : undefined;
    if (token !== undefined) return token;
  }
  return undefined;
}

function lastsUntil(since: Date): Date {
  return after(since, LASTS_DAYS * DAY_MS);
}
