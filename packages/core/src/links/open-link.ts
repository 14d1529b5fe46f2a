import type { LinkPurpose } from "@reminder-app/db/schema/documents";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type Business, businessRepo } from "../businesses/businesses.repo.ts";
import { type Client, clientRepo } from "../clients/clients.repo.ts";
import { type ContactRow, contactRepo } from "../clients/contacts.repo.ts";
import { type Ctx, type SystemCtx, actFor } from "../ctx.ts";
import { findLink } from "../system/link-lookup.repo.ts";
import { onTestClock } from "../test-clock/on-test-clock.ts";
import { type ClientLink, clientLinkRepo } from "./client-links.repo.ts";
import { linkTokenHash } from "./link-token.ts";

/** `expired`: its time is over. `closed`: it was taken away, or whom it was for is not served any more. */
export type LinkStanding = "good" | "expired" | "closed";

/** A link, whose it is, and whether it opens. */
export interface OpenedLink {
  /** Acts for the business, as whoever holds the link. */
  readonly ctx: Ctx;
  readonly link: ClientLink;
  readonly standing: LinkStanding;
  readonly business: Business;
  readonly client: Client;
  readonly clientId: Id<"Client">;
  /** Empty where the link was handed over by staff. */
  readonly contact: ContactRow | undefined;
}

/** What a link is good for, from its token alone. Changes nothing. Throws `not_found` where no link has it for this purpose. */
export async function openLink(system: SystemCtx, token: string, purpose: LinkPurpose): Promise<OpenedLink> {
  const hash = linkTokenHash(token);
  const found = hash && (await findLink(system.db, hash));
  if (!found) throw unknownLink();
  const real = actFor(system, found.businessId, "client-page");
  const business = await businessRepo(real).get();
  const ctx = business.mode === "test" ? await onTestClock(real) : real;
  const link = await clientLinkRepo(ctx).get(found.id);
  if (link.purpose !== purpose) throw unknownLink();
  const contact = link.contactId ? await contactRepo(ctx).find(link.contactId) : undefined;
  // A contact may have been moved to another client, where two were one.
  const clientId = contact?.clientId ?? link.clientId;
  const client = await clientRepo(ctx).get(clientId);
  return {
    ctx,
    link,
    business,
    client,
    clientId,
    contact,
    standing: standingOf({ ctx, link, business, client, contact }),
  };
}

function standingOf({
  ctx,
  link,
  business,
  client,
  contact,
}: Pick<OpenedLink, "ctx" | "link" | "business" | "client" | "contact">): LinkStanding {
  const isServed = business.status === "active" && client.archivedAt === null && client.erasedAt === null;
  const isTheirs = link.contactId === null || (contact !== undefined && !contact.archived);
  if (link.revokedAt || !isServed || !isTheirs) return "closed";
  return link.expiresAt > ctx.now() ? "good" : "expired";
}

function unknownLink(): AppError {
  return new AppError("not_found", "This link is not complete, or not one of ours");
}
