import type { LinkPurpose } from "@reminder-app/db/schema/documents";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError, NotFoundError, invalid } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { contactRepo } from "../clients/contacts.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type NewClientLink, clientLinkRepo } from "./client-links.repo.ts";
import { newLinkToken } from "./link-token.ts";

const MOST_DAYS = 400;
/** How long a link opens when nobody says. */
const LINK_DAYS = 180;

export const MakeLinkInput = z.strictObject({
  contactId: z.uuid().optional().describe("Whom it is for; anyone whom you give it to when left out"),
  days: z.int().min(1).max(MOST_DAYS).default(LINK_DAYS).describe("How many days it opens"),
});

/** A link that was made, and its secret: it is told here and never again. */
export interface MadeLink {
  readonly link: NewClientLink;
  readonly token: string;
}

/** A row for a link that opens for `days` days from `now` on. */
export function newLink(
  { vault, now }: Pick<Ctx, "vault" | "now">,
  whose: Pick<NewClientLink, "clientId" | "contactId" | "documentId">,
  { purpose, days = LINK_DAYS }: { readonly purpose: LinkPurpose; readonly days?: number },
): MadeLink {
  const id = newId<"ClientLink">() satisfies Id<"ClientLink">;
  const token = newLinkToken(vault, { id, purpose });
  const at = now();
  return {
    token,
    link: { ...whose, id, purpose, tokenHash: sha256(token), expiresAt: after(at, days * DAY_MS), createdAt: at },
  };
}

/** Make a link to a client's page, to be handed over by staff. Throws `not_found` or `validation_failed` for a contact that is not the client's. */
export async function makePageLink(
  ctx: Ctx,
  clientId: Id<"Client">,
  { contactId: given, days }: z.output<typeof MakeLinkInput>,
): Promise<MadeLink> {
  requireRole(ctx, "staff", "make links");
  const contactId = given as Id<"Contact"> | undefined;
  return inTransaction(ctx, async (tx) => {
    const client = await clientRepo(tx).get(clientId);
    if (client.archivedAt) throw new AppError("conflict", "The client is archived; restore it first");
    if (contactId) await requireContact(tx, clientId, contactId);
    const made = newLink(tx, { clientId, contactId }, { purpose: "page", days });
    await clientLinkRepo(tx).insertMany([made.link]);
    await recordAudit(tx, "link.made", { entityId: made.link.id, clientId, contactId, days });
    return made;
  });
}

/** Throws unless the contact is one of the client that can be written to. */
export async function requireContact(tx: Ctx, clientId: Id<"Client">, contactId: Id<"Contact">): Promise<void> {
  const contact = await contactRepo(tx).find(contactId);
  if (!contact) throw new NotFoundError("Contact", contactId);
  if (contact.clientId !== clientId) throw invalid("contactId", "is a contact of another client");
  if (contact.archived) throw new AppError("conflict", "The contact is archived; name another one");
}
