import type { Id } from "@reminder-app/platform/ids";
import { type Assignment, assignmentRepo } from "../assignments/assignments.repo.ts";
import { close, isChased } from "../assignments/close-assignment.ts";
import { followAssignments } from "../assignments/start-assignment.ts";
import type { Ctx } from "../ctx.ts";
import type { StopAnswer } from "../deliveries/stop-deliveries.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { type TagRule, tagRuleRepo } from "./tag-rules.repo.ts";

export interface Unenrolled {
  /** How many assignments were cancelled. */
  readonly unenrolled: number;
  /** Messages whose send had started before. */
  readonly inFlight: number;
  /** There is more to take off. */
  readonly more: boolean;
}

/**
 * Take clients off a reminder that a rule put them on: of all clients, or some. Who was put on it by hand stays. At most
 * `limit` assignments at once.
 */
export async function unenrolClients(
  tx: Ctx,
  rule: TagRule,
  { clientIds, limit }: { clientIds?: readonly Id<"Client">[]; limit: number },
): Promise<Unenrolled> {
  const reminder = await reminderRepo(tx).lock(rule.reminderId);
  const made = await tagRuleRepo(tx).lockMade(rule.id, { clientIds, limit });
  let unenrolled = 0;
  let inFlight = 0;
  for (const assignment of made) {
    const answer = await takeOff(tx, reminder, assignment);
    unenrolled += isChased(assignment) ? 1 : 0;
    inFlight += answer.inFlight;
  }
  if (made.length > 0 && reminder.schedule.kind === "sequence") await followAssignments(tx, reminder.id);
  return { unenrolled, inFlight, more: made.length === limit };
}

/** What is done stays done, and no further period is opened after it. */
async function takeOff(tx: Ctx, reminder: Reminder, present: Assignment): Promise<Pick<StopAnswer, "inFlight">> {
  if (isChased(present)) return close(tx, { reminder, present }, "cancelled");
  await assignmentRepo(tx).update(present.id, { nextOpened: true, nextAt: null, updatedAt: tx.now() });
  return { inFlight: 0 };
}
