import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { deliveryStopRepo } from "../deliveries/delivery-stops.repo.ts";
import { holdReasonCode } from "../deliveries/standstill.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { openTask } from "../tasks/open-task.ts";
import { assignmentFacts } from "../webhooks/event-facts.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import type { AssignmentKey } from "./assignment-key.ts";
import { noHold } from "./no-hold.ts";
import { planAgainAt } from "./plan-again.ts";

/** End a hold: the reminder goes on, and what still waits goes if it is in its grace. */
export async function releaseAssignment(ctx: Ctx, { reminderId, assignmentId }: AssignmentKey): Promise<Assignment> {
  requireRole(ctx, "staff", "release assignments");
  return inTransaction(ctx, async (tx) => {
    await reminderRepo(tx).lock(reminderId);
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    const { hold, holdUntil } = present;
    if (hold) {
      const now = tx.now();
      await assignmentRepo(tx).update(assignmentId, { ...noHold, updatedAt: now });
      await planAgainAt(tx, { assignmentId }, now);
      await deliveryStopRepo(tx).wakeWaiting({ assignmentId }, { reason: holdReasonCode[hold], at: now });
      const details = { reminderId, reason: hold, until: holdUntil?.toISOString() };
      await emitEvent(tx, "assignment.released", assignmentFacts({ ...present, ...noHold }));
      await recordAudit(tx, "assignment.released", { entityId: assignmentId, ...details });
    }
    return assignmentRepo(tx).get(reminderId, assignmentId);
  });
}

/**
 * The same when the hold has come to its end; it may have been given another one meanwhile. A promise that was not kept
 * by then opens a task for the member in charge.
 */
export async function endHold(ctx: Ctx, key: AssignmentKey): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await reminderRepo(tx).lock(key.reminderId);
    const assignment = await assignmentRepo(tx).lock(key.reminderId, key.assignmentId);
    const { hold, holdUntil, state } = assignment;
    if (!hold || !holdUntil || holdUntil > tx.now()) return;
    const isUnkept = hold === "promise" && (state === "open" || state === "exhausted");
    if (isUnkept) await openTask(tx, brokenPromise(assignment));
    await releaseAssignment(tx, key);
  });
}

function brokenPromise({ id, reminderId, clientId, holdOwnerId, holdNote }: Assignment) {
  return {
    kind: "broken_promise" as const,
    subject: `assignment:${id}`,
    reminderId,
    clientId,
    assignmentId: id,
    ...(holdOwnerId && { ownerId: holdOwnerId }),
    ...(holdNote !== null && { note: holdNote }),
  };
}
