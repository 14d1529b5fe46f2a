import type { FileStore } from "@reminder-app/files/file-store";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { documentKey } from "./document-key.ts";
import { documentRepo } from "./documents.repo.ts";
import { getDocument } from "./open-document.ts";

/**
 * Delete a document: from now on nobody reads it, and its bytes go. That it was there is still told. What its line of
 * a checklist is, stays: reject that to ask for it again. Deleting it again changes nothing.
 */
export async function deleteDocument(ctx: Ctx, files: FileStore, id: Id<"Document">): Promise<void> {
  requireRole(ctx, "staff", "delete documents");
  await getDocument(ctx, id);
  await inTransaction(ctx, async (tx) => {
    const { state, clientId } = await documentRepo(tx).lock(id);
    if (state !== "ready") return;
    await documentRepo(tx).update(id, { state: "deleted", updatedAt: tx.now() });
    await recordAudit(tx, "document.deleted", { entityId: id, clientId });
  });
  await removeBytes(ctx, files, id);
}

/** Only once its bytes are gone for certain does the row say when it was deleted; housekeeping comes back until then. */
export async function removeBytes(ctx: Ctx, files: FileStore, id: Id<"Document">): Promise<void> {
  const document = await documentRepo(ctx).get(id);
  if (document.state !== "deleted" || document.deletedAt) return;
  await files.remove(documentKey(document));
  await documentRepo(ctx).update(id, { deletedAt: ctx.now() });
}
