import type { FileStore } from "@reminder-app/files/file-store";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { clientLinkRepo } from "../links/client-links.repo.ts";
import { type MadeLink, type MakeLinkInput, newLink, requireContact } from "../links/make-link.ts";
import type { OpenedLink } from "../links/open-link.ts";
import { recordVisit } from "../links/record-visit.ts";
import { type Document, documentRepo } from "./documents.repo.ts";
import { type OpenedDocument, openDocument } from "./open-document.ts";

/** Make a link that opens this one document and nothing else, to be handed over by staff. */
export async function makeDocumentLink(
  ctx: Ctx,
  documentId: Id<"Document">,
  { contactId: given, days }: z.output<typeof MakeLinkInput>,
): Promise<MadeLink & { readonly clientId: Id<"Client"> }> {
  requireRole(ctx, "staff", "make links");
  const contactId = given as Id<"Contact"> | undefined;
  return inTransaction(ctx, async (tx) => {
    const { clientId, state } = await documentRepo(tx).get(documentId);
    if (state === "storing") throw new NotFoundError("Document", documentId);
    if (state !== "ready") throw new AppError("conflict", `The document is ${state}; there is nothing to link to`);
    const client = await clientRepo(tx).get(clientId);
    if (client.archivedAt) throw new AppError("conflict", "The client is archived; restore it first");
    if (contactId) await requireContact(tx, clientId, contactId);
    const made = newLink(tx, { clientId, contactId, documentId }, { purpose: "document", days });
    await clientLinkRepo(tx).insertMany([made.link]);
    await recordAudit(tx, "link.made", { entityId: made.link.id, clientId, contactId, documentId, days });
    return { ...made, clientId };
  });
}

/** The document that a link opens; undefined where it was deleted. */
export async function documentOfLink({ ctx, link, clientId }: OpenedLink): Promise<Document | undefined> {
  const document = link.documentId ? await documentRepo(ctx).find(link.documentId) : undefined;
  return document?.state === "ready" && document.clientId === clientId ? document : undefined;
}

/** What the firm sent to whoever holds a link, or what the link is for. Throws `not_found` for all else. Told in the link's log. */
export async function downloadByLink(
  opened: OpenedLink,
  files: FileStore,
  { documentId, network }: { readonly documentId: Id<"Document">; readonly network: string },
): Promise<OpenedDocument> {
  const { ctx, link, clientId } = opened;
  const document = await documentRepo(ctx).find(documentId);
  const isLinked = link.documentId === documentId;
  const isForClient = link.purpose === "page" && document?.direction === "to_client";
  if (document?.state !== "ready" || document.clientId !== clientId || !(isLinked || isForClient))
    throw new NotFoundError("Document", documentId);
  const found = await openDocument(ctx, files, documentId);
  await recordVisit(ctx, opened, { use: "downloaded", about: documentId, network });
  return found;
}
