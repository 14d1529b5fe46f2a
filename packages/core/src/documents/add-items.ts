import { AppError } from "@reminder-app/platform/errors";
import { z } from "zod";
import type { AssignmentKey } from "../assignments/assignment-key.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { checklistRepo } from "./checklist-items.repo.ts";
import { MOST_ITEMS, checklistLabels } from "./checklist-labels.ts";
import { type ToldItem, listChecklist } from "./list-checklist.ts";
import { lockChecklist } from "./lock-checklist.ts";
import { newItem } from "./make-checklists.ts";
import { settleChecklist } from "./settle-checklist.ts";

export const AddItemsInput = z.strictObject({
  labels: checklistLabels.describe("What the client is asked to send as well"),
});

/** Ask a client for more. A chase that had ended because all was there goes on. */
export async function addItems(
  ctx: Ctx,
  key: AssignmentKey,
  { labels }: z.output<typeof AddItemsInput>,
): Promise<ToldItem[]> {
  requireRole(ctx, "staff", "change checklists");
  return inTransaction(ctx, async (tx) => {
    const checklist = await lockChecklist(tx, key);
    const last = checklist.items.at(-1)?.position ?? -1;
    if (checklist.items.length + labels.length > MOST_ITEMS)
      throw new AppError("conflict", `A checklist has at most ${MOST_ITEMS} lines`);
    const { assignmentId } = key;
    const rows = labels.map((label, index) => newItem(tx, { assignmentId, label, position: last + 1 + index }));
    await checklistRepo(tx).insertMany(rows);
    await settleChecklist(tx, checklist);
    await recordAudit(tx, "checklist.added", { entityId: assignmentId, items: rows.map(({ id }) => id) });
    return listChecklist(tx, key);
  });
}
