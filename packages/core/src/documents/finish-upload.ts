import type { Id } from "@reminder-app/platform/ids";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { openTask } from "../tasks/open-task.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { checklistRepo, openItemStates } from "./checklist-items.repo.ts";
import { documentFacts } from "./document-facts.ts";
import { type Document, documentRepo } from "./documents.repo.ts";
import { type LockedChecklist, lockChecklist } from "./lock-checklist.ts";
import { settleChecklist } from "./settle-checklist.ts";

/**
 * A file is whole in the store: from now on it can be read, its line of the checklist is received, and the chase ends
 * where nothing is missing any more. Where the same file came at the same time, the other one stays and this one goes.
 */
export async function finishUpload(
  ctx: Ctx,
  id: Id<"Document">,
  { remove }: { readonly remove: () => Promise<void> },
): Promise<Document> {
  const stays = await inTransaction(ctx, async (tx) => {
    const seen = await documentRepo(tx).get(id);
    const checklist = await checklistOf(tx, seen);
    const document = await documentRepo(tx).lock(id);
    const same = document.sha256 && (await documentRepo(tx).findSame({ ...document, sha256: document.sha256 }));
    if (same) {
      await documentRepo(tx).removeUnstored(id);
      await receiveIfAsked(tx, same, checklist);
      return same;
    }
    const ready = { ...document, state: "ready" as const, updatedAt: tx.now() };
    await documentRepo(tx).update(id, { state: ready.state, updatedAt: ready.updatedAt });
    if (document.direction === "from_client") await receive(tx, ready, checklist);
    await recordAudit(tx, "document.stored", {
      entityId: id,
      clientId: document.clientId,
      direction: document.direction,
      uploadedBy: document.uploadedBy,
    });
    return ready;
  });
  if (stays.id !== id) await remove();
  return stays;
}

/** A file that is there already came once more: where its line of the checklist is asked for, it is received again. */
export async function receiveAgain(ctx: Ctx, document: Document): Promise<Document> {
  await inTransaction(ctx, async (tx) => receiveIfAsked(tx, document, await checklistOf(tx, document)));
  return document;
}

async function receiveIfAsked(tx: Ctx, document: Document, checklist: LockedChecklist | undefined): Promise<void> {
  const item = checklist?.items.find(({ id }) => id === document.itemId);
  if (item && openItemStates.includes(item.state)) await receive(tx, document, checklist);
}

/** Locks what makes uploads of one thing take turns: the list that they are for, or the client. */
async function checklistOf(tx: Ctx, { assignmentId, clientId }: Document): Promise<LockedChecklist | undefined> {
  if (!assignmentId) {
    await clientRepo(tx).lock(clientId);
    return undefined;
  }
  const { reminderId } = await assignmentRepo(tx).byId(assignmentId);
  return lockChecklist(tx, { reminderId, assignmentId });
}

async function receive(tx: Ctx, document: Document, checklist: LockedChecklist | undefined): Promise<void> {
  const { itemId, clientId, assignmentId } = document;
  if (itemId) await checklistRepo(tx).update(itemId, { state: "received", reason: null, updatedAt: tx.now() });
  // What staff put there themselves they have seen.
  if (tx.actor.kind !== "member")
    await openTask(tx, {
      kind: "document_review",
      subject: assignmentId ? `assignment:${assignmentId}` : `client:${clientId}`,
      clientId,
      ...(assignmentId && { assignmentId }),
      ...(checklist && { reminderId: checklist.reminder.id }),
    });
  await emitEvent(tx, "document.received", documentFacts(document));
  if (checklist && itemId) await settleChecklist(tx, checklist);
}
