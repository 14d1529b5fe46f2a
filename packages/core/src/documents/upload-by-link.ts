import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { assignmentsOfClientRepo } from "../assignments/of-client.repo.ts";
import type { OpenedLink } from "../links/open-link.ts";
import { recordVisit } from "../links/record-visit.ts";
import { checklistRepo } from "./checklist-items.repo.ts";
import type { Document } from "./documents.repo.ts";
import { storeUpload } from "./store-upload.ts";
import type { Upload, UploadPlaces } from "./upload.ts";

/**
 * Take what a client sends for a line of their checklist. Throws `not_found` for a line of somebody else's, `conflict`
 * where it is not asked for any more, and as storing does for what is not taken.
 */
export async function uploadByLink(
  { ctx, link, clientId, contact }: OpenedLink,
  places: UploadPlaces,
  { itemId, upload, network }: { itemId: Id<"ChecklistItem">; upload: Upload; network: string },
): Promise<Document> {
  const { assignmentId } = await checklistRepo(ctx).get(itemId);
  const asked = await assignmentsOfClientRepo(ctx, clientId).find(assignmentId);
  if (!asked) throw new NotFoundError("Checklist item", itemId);
  const { state, closedBecause } = asked.assignment;
  if (state === "cancelled" || (state === "done" && closedBecause !== "received"))
    throw new AppError("conflict", "This is not asked for any more");
  const uploadedBy = contact ? `contact:${contact.id}` : `link:${link.id}`;
  const about = { clientId, direction: "from_client" as const, assignmentId, itemId, uploadedBy };
  const document = await storeUpload(ctx, places, { about, upload });
  await recordVisit(ctx, { link, clientId }, { use: "uploaded", about: document.id, network });
  return document;
}
