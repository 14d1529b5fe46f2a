import { close, isChased } from "../assignments/close-assignment.ts";
import { reopen } from "../assignments/reopen-assignment.ts";
import { followAssignments } from "../assignments/start-assignment.ts";
import type { Ctx } from "../ctx.ts";
import { checklistRepo, openItemStates } from "./checklist-items.repo.ts";
import type { LockedChecklist } from "./lock-checklist.ts";

/**
 * Let the chase follow its list, which is read again: it ends, as `received`, when nothing is missing any more, and goes
 * on when something is again. Only where the reminder stops when all is received; what was closed for another reason
 * stays closed.
 */
export async function settleChecklist(tx: Ctx, { reminder, present }: LockedChecklist): Promise<void> {
  if (reminder.stopRule !== "received") return;
  const items = await checklistRepo(tx).ofAssignments([present.id]);
  const isComplete = items.length > 0 && items.every(({ state }) => !openItemStates.includes(state));
  if (isComplete && isChased(present)) return void (await close(tx, { reminder, present }, "received"));
  const wasComplete = present.state === "done" && present.closedBecause === "received";
  if (isComplete || !wasComplete || items.length === 0) return;
  await reopen(tx, { reminder, present });
  if (reminder.schedule.kind === "sequence") await followAssignments(tx, reminder.id);
}
