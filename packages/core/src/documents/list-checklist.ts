import { assignmentRepo } from "../assignments/assignments.repo.ts";
import type { AssignmentKey } from "../assignments/assignment-key.ts";
import type { Ctx } from "../ctx.ts";
import { type ChecklistItem, checklistRepo } from "./checklist-items.repo.ts";
import { type Document, documentRepo } from "./documents.repo.ts";

/** A line of a checklist, with what came for it, the newest first. */
export interface ToldItem extends ChecklistItem {
  readonly documents: readonly Document[];
}

/** What a client is asked to send for an assignment, in order. Throws `not_found`. */
export async function listChecklist(ctx: Ctx, { reminderId, assignmentId }: AssignmentKey): Promise<ToldItem[]> {
  await assignmentRepo(ctx).get(reminderId, assignmentId);
  const items = await checklistRepo(ctx).ofAssignments([assignmentId]);
  const came = await documentRepo(ctx).ofItems(items.map(({ id }) => id));
  const byItem = Map.groupBy(came, ({ itemId }) => itemId);
  return items.map((item) => ({ ...item, documents: byItem.get(item.id) ?? [] }));
}
