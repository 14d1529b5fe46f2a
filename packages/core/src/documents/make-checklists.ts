import { type Id, newId } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { type NewChecklistItem, checklistRepo } from "./checklist-items.repo.ts";

/** Give new assignments the list of what their reminder asks for, in one statement for all of them. */
export async function makeChecklists(
  tx: Ctx,
  { checklist }: Pick<Reminder, "checklist">,
  assignments: readonly { readonly id: Id<"Assignment"> }[],
): Promise<void> {
  if (!checklist || assignments.length === 0) return;
  const stored = await checklistRepo(tx).storedOf(assignments.map(({ id }) => id));
  const rows = [...stored].flatMap((assignmentId) =>
    checklist.map((label, position) => newItem(tx, { assignmentId, label, position })),
  );
  await checklistRepo(tx).insertMany(rows);
}

/** An item that nobody has sent anything for yet. */
export function newItem(
  { now }: Pick<Ctx, "now">,
  item: Pick<NewChecklistItem, "assignmentId" | "label" | "position">,
): NewChecklistItem {
  const at = now();
  const id = newId<"ChecklistItem">() satisfies Id<"ChecklistItem">;
  return { ...item, id, state: "missing", reason: null, createdAt: at, updatedAt: at };
}
