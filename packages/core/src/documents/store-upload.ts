import { identify } from "@reminder-app/files/identify";
import { refuseFile } from "@reminder-app/files/refusal";
import { AppError, NotFoundError, invalid } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { checklistRepo } from "./checklist-items.repo.ts";
import { cleanFileName } from "./clean-file-name.ts";
import { documentKey } from "./document-key.ts";
import { type Document, type NewDocument, documentRepo } from "./documents.repo.ts";
import { finishUpload, receiveAgain } from "./finish-upload.ts";
import type { Upload, UploadAbout, UploadPlaces } from "./upload.ts";

/** Whoever has a link could go on for ever. */
const MOST_FOR_ITEM = 50;

/** What an upload is about, as the rows have it. */
type Subject = Pick<NewDocument, "clientId" | "direction" | "uploadedBy"> & {
  readonly assignmentId: Id<"Assignment"> | null;
  readonly itemId: Id<"ChecklistItem"> | null;
};

/**
 * Keep a file: its name is cleaned, its kind is told by its content, and where a scanner is set up it was looked at.
 * The same file about the same thing is kept once. A crash in between leaves a row `storing`, which housekeeping removes
 * with its bytes. Throws `validation_failed` with the reason for what is not taken, and `provider_unavailable` where it
 * could not be looked at.
 */
export async function storeUpload(
  ctx: Ctx,
  { files, scanner }: UploadPlaces,
  { about, upload }: { readonly about: UploadAbout; readonly upload: Upload },
): Promise<Document> {
  requireRole(ctx, "staff", "store documents");
  const subject = await requireSubject(ctx, about);
  const { file } = upload;
  const name = cleanFileName(upload.name);
  const mediaType = await identify(file, { name, media: upload.media });
  const same = await documentRepo(ctx).findSame({ ...subject, sha256: file.sha256 });
  if (same) return receiveAgain(ctx, same);
  const found = await scanner?.scan(file.read());
  const now = ctx.now();
  const id = newId<"Document">() satisfies Id<"Document">;
  const row = {
    ...subject,
    id,
    name,
    mediaType,
    bytes: file.bytes,
    sha256: file.sha256,
    createdAt: now,
    updatedAt: now,
  };
  if (found !== undefined) await refuseInfected(ctx, row, found);
  await documentRepo(ctx).insert({ ...row, state: "storing" });
  const key = documentKey({ businessId: ctx.businessId, id });
  try {
    await files.write(key, file.read());
    return await finishUpload(ctx, id, { remove: () => files.remove(key) });
  } catch (thrown) {
    await documentRepo(ctx).removeUnstored(id);
    await files.remove(key);
    throw thrown;
  }
}

/** Throws `not_found` for a client, assignment or item that is not there, or not together. */
async function requireSubject(ctx: Ctx, about: UploadAbout): Promise<Subject> {
  const { clientId, direction, uploadedBy, itemId } = about;
  await clientRepo(ctx).get(clientId);
  const item = itemId && (await checklistRepo(ctx).get(itemId));
  const assignmentId = about.assignmentId ?? item?.assignmentId ?? null;
  if (assignmentId) {
    const assignment = await assignmentRepo(ctx).byId(assignmentId);
    if (assignment.clientId !== clientId) throw new NotFoundError("Assignment", assignmentId);
    if (item && item.assignmentId !== assignmentId) throw new NotFoundError("Checklist item", item.id);
  }
  if (item && direction === "to_client") throw invalid("itemId", "is something that the client sends");
  if (item && (await documentRepo(ctx).countOfItem(item.id)) >= MOST_FOR_ITEM)
    throw new AppError("conflict", `There are ${MOST_FOR_ITEM} files for this already; delete some first`);
  return { clientId, direction, uploadedBy, assignmentId, itemId: item?.id ?? null };
}

/** That it came is kept, and what was found; the file itself is not. */
async function refuseInfected(ctx: Ctx, row: Omit<NewDocument, "state">, found: string): Promise<never> {
  await inTransaction(ctx, async (tx) => {
    await documentRepo(tx).insert({ ...row, state: "infected" });
    await recordAudit(tx, "document.infected", {
      entityId: row.id,
      clientId: row.clientId,
      found: found.slice(0, 100),
    });
  });
  throw refuseFile("file_virus", "a virus was found in it");
}
