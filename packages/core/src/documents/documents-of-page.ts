import type { Id } from "@reminder-app/platform/ids";
import type { OpenedLink } from "../links/open-link.ts";
import { type ChecklistItem, checklistRepo } from "./checklist-items.repo.ts";
import { type Document, documentRepo } from "./documents.repo.ts";

const MOST_SHOWN = 50;

/** The checklists of some of a client's assignments, as their page shows them. */
export async function checklistsOfPage(
  { ctx }: OpenedLink,
  assignmentIds: readonly Id<"Assignment">[],
): Promise<ReadonlyMap<Id<"Assignment">, readonly ChecklistItem[]>> {
  const items = await checklistRepo(ctx).ofAssignments(assignmentIds);
  return Map.groupBy(items, ({ assignmentId }) => assignmentId);
}

/** What the firm sent to the client, the newest first. */
export async function documentsForClient({ ctx, clientId }: OpenedLink): Promise<Document[]> {
  const page = await documentRepo(ctx).page({ clientId, direction: "to_client" }, { limit: MOST_SHOWN });
  return page.filter(({ state }) => state === "ready");
}
