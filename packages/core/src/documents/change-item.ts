import { AppError, NotFoundError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { AssignmentKey } from "../assignments/assignment-key.ts";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { closeTaskAbout } from "../tasks/close-task.ts";
import { line } from "../texts.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { type ChecklistItem, checklistRepo } from "./checklist-items.repo.ts";
import { documentFacts } from "./document-facts.ts";
import { documentRepo } from "./documents.repo.ts";
import { type ToldItem, listChecklist } from "./list-checklist.ts";
import { lockChecklist } from "./lock-checklist.ts";
import { settleChecklist } from "./settle-checklist.ts";

/** What staff decide about a line; that something was received is seen by what came. */
const decisions = ["missing", "accepted", "rejected", "waived"] as const;

export const ChangeItemInput = z.strictObject({
  label: line(200).optional(),
  state: z
    .enum(decisions)
    .optional()
    .describe("rejected asks for it again, and tells the client why; waived needs it no more; missing asks after all"),
  reason: line(500).optional().describe("Why it is rejected, as the client is told"),
});
type Input = z.output<typeof ChangeItemInput>;

/**
 * Rename a line of a checklist, or decide about what came for it. When nothing is missing any more the chase ends; when
 * something is again, it begins once more.
 */
export async function changeItem(
  ctx: Ctx,
  { itemId, ...key }: AssignmentKey & { readonly itemId: Id<"ChecklistItem"> },
  input: Input,
): Promise<ToldItem> {
  requireRole(ctx, "staff", "change checklists");
  return inTransaction(ctx, async (tx) => {
    await requireItem(tx, key, itemId);
    const checklist = await lockChecklist(tx, key);
    const present = await checklistRepo(tx).get(itemId);
    const change = changeOf(present, input);
    requireOpenChase(checklist.present, change);
    await checklistRepo(tx).update(itemId, { ...change, updatedAt: tx.now() });
    if (input.state) {
      await tellDecision(tx, itemId, input.state);
      await closeReviewed(tx, key);
      await settleChecklist(tx, checklist);
    }
    await recordAudit(tx, "checklist.changed", {
      entityId: itemId,
      assignmentId: key.assignmentId,
      changes: changesOf(present, change),
    });
    const told = (await listChecklist(tx, key)).find(({ id }) => id === itemId);
    if (!told) throw new NotFoundError("Checklist item", itemId);
    return told;
  });
}

/** Looked for first, so that what a colleague works with is answered as what is not there. */
async function requireItem(tx: Ctx, { assignmentId }: AssignmentKey, itemId: Id<"ChecklistItem">): Promise<void> {
  const item = await checklistRepo(tx).get(itemId);
  if (item.assignmentId !== assignmentId) throw new NotFoundError("Checklist item", itemId);
}

function changeOf({ state }: ChecklistItem, input: Input): Partial<Pick<ChecklistItem, "label" | "state" | "reason">> {
  const label = input.label === undefined ? {} : { label: input.label };
  if (input.state !== "rejected") {
    if (input.reason !== undefined) throw invalid("reason", "goes with the state rejected");
    return { ...label, ...(input.state && { state: input.state, reason: null }) };
  }
  if (input.reason === undefined) throw invalid("reason", "must say why, for the client is told");
  if (state !== "received" && state !== "accepted" && state !== "rejected")
    throw new AppError("conflict", `Nothing came for it yet, so there is nothing to reject; it is ${state}`);
  return { ...label, state: "rejected", reason: input.reason };
}

/** What is asked for again must be asked by someone. */
function requireOpenChase(
  { state, closedBecause }: { readonly state: string; readonly closedBecause: string | null },
  change: Partial<Pick<ChecklistItem, "state">>,
): void {
  const asks = change.state === "rejected" || change.state === "missing";
  const ended = state === "cancelled" || (state === "done" && closedBecause !== "received");
  if (asks && ended) throw new AppError("conflict", `The assignment is ${state}; re-open it first`);
}

async function tellDecision(tx: Ctx, itemId: Id<"ChecklistItem">, state: (typeof decisions)[number]): Promise<void> {
  if (state !== "accepted" && state !== "rejected") return;
  const came = await documentRepo(tx).ofItems([itemId]);
  await emitEvents(
    tx,
    came.map((document) => ({ type: `document.${state}` as const, data: documentFacts(document) })),
  );
}

/** Staff have looked at all that came. */
async function closeReviewed(tx: Ctx, { assignmentId }: AssignmentKey): Promise<void> {
  const items = await checklistRepo(tx).ofAssignments([assignmentId]);
  if (items.some(({ state }) => state === "received")) return;
  await closeTaskAbout(tx, "document_review", `assignment:${assignmentId}`);
}
