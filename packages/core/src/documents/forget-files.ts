import type { FileStore } from "@reminder-app/files/file-store";
import { DAY_MS, HOUR_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type SystemCtx, actFor } from "../ctx.ts";
import { linkVisitRepo } from "../links/link-visits.repo.ts";
import { unfinishedDocuments } from "../system/unfinished-documents.repo.ts";
import { businessesWithRetention } from "../system/retaining-businesses.repo.ts";
import { deleteDocument, removeBytes } from "./delete-document.ts";
import { documentKey } from "./document-key.ts";
import { documentRepo } from "./documents.repo.ts";

const JOB = "housekeeping";
const AT_ONCE = 200;
/** No upload takes as long. */
const STALE_MS = HOUR_MS;

/**
 * Finish what a process that died left: the bytes of uploads that never came whole, and of documents that were deleted.
 * Some at a time; answers how many.
 */
export async function forgetUnfinished(system: SystemCtx, files: FileStore): Promise<number> {
  const left = await unfinishedDocuments(system.db, after(system.now(), -STALE_MS), AT_ONCE);
  for (const { businessId, id } of left) {
    const ctx = actFor(system, businessId, JOB);
    const document = await documentRepo(ctx).get(id);
    if (document.state === "deleted") await removeBytes(ctx, files, id);
    if (document.state !== "storing") continue;
    await files.remove(documentKey(document));
    await documentRepo(ctx).removeUnstored(id);
  }
  return left.length;
}

/** Delete files that are older than their businesses keep them, some at a time. Answers how many. */
export async function forgetFiles(system: SystemCtx, files: FileStore): Promise<number> {
  let deleted = 0;
  for (const businessId of await businessesWithRetention(system.db))
    deleted += await forgetFilesOf(system, files, businessId);
  return deleted;
}

/** The same for one business. */
export async function forgetFilesOf(system: SystemCtx, files: FileStore, businessId: Id<"Business">): Promise<number> {
  const ctx = actFor(system, businessId, JOB);
  const days = (await businessRepo(ctx).get()).retention?.filesDays;
  if (days === undefined) return 0;
  const old = await documentRepo(ctx).readyBefore(after(system.now(), -days * DAY_MS), AT_ONCE);
  for (const { id } of old) await deleteDocument(ctx, files, id);
  return old.length;
}

/** Delete what is older than businesses keep the access logs of links, some at a time. Answers how many visits. */
export async function forgetVisits(system: SystemCtx): Promise<number> {
  let deleted = 0;
  for (const businessId of await businessesWithRetention(system.db))
    deleted += await forgetVisitsOf(system, businessId);
  return deleted;
}

/** The same for one business. */
export async function forgetVisitsOf(
  system: Pick<SystemCtx, "db" | "now">,
  businessId: Id<"Business">,
): Promise<number> {
  const scope = { db: system.db, businessId };
  const days = (await businessRepo(scope).get()).retention?.logsDays;
  return days === undefined ? 0 : linkVisitRepo(scope).forget(after(system.now(), -days * DAY_MS), AT_ONCE);
}
