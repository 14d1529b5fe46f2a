import type { AssignmentKey } from "../assignments/assignment-key.ts";
import { type Assignment, assignmentRepo } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { type ChecklistItem, checklistRepo } from "./checklist-items.repo.ts";

/** A checklist with what follows it. */
export interface LockedChecklist {
  readonly reminder: Reminder;
  readonly present: Assignment;
  readonly items: readonly ChecklistItem[];
}

/** Lock a checklist with its assignment and reminder, in the order that planner and stops take. Throws `not_found`. */
export async function lockChecklist(tx: Ctx, { reminderId, assignmentId }: AssignmentKey): Promise<LockedChecklist> {
  const reminder = await reminderRepo(tx).lock(reminderId);
  const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
  return { reminder, present, items: await checklistRepo(tx).lockAll(assignmentId) };
}
