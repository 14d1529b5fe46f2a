import type { HoldReason } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import type { Ctx } from "../ctx.ts";
import { holdReasonCode } from "../deliveries/standstill.ts";
import { type PauseAnswer, pauseDeliveries } from "../deliveries/stop-deliveries.ts";
import { assignmentFacts } from "../webhooks/event-facts.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import type { AssignmentKey } from "./assignment-key.ts";
import { planAgainAt } from "./plan-again.ts";

/** Why nothing is sent for an assignment, and how long. */
export interface HoldFact {
  readonly reason: HoldReason;
  /** When it ends by itself; a person ends it when empty. */
  readonly until: Date | null;
  readonly note?: string | null | undefined;
  readonly ownerId?: Id<"Member"> | null | undefined;
}

/**
 * Hold an assignment, in place of what holds it already, and put off what waits. Call it with the rows of the reminder
 * and the assignment locked, in this order.
 */
export async function placeHold(
  tx: Ctx,
  { reminderId, assignmentId }: AssignmentKey,
  { reason, until, note = null, ownerId = null }: HoldFact,
): Promise<{ assignment: Assignment } & PauseAnswer> {
  const now = tx.now();
  const hold = { hold: reason, holdUntil: until, heldAt: now, holdNote: note, holdOwnerId: ownerId };
  await assignmentRepo(tx).update(assignmentId, { ...hold, updatedAt: now });
  if (until) await planAgainAt(tx, { assignmentId }, until);
  const answer = await pauseDeliveries(tx, { assignmentId }, { reason: holdReasonCode[reason], until });
  const assignment = await assignmentRepo(tx).get(reminderId, assignmentId);
  const details = { reminderId, reason, until: until?.toISOString(), ...(ownerId && { ownerId }), ...answer };
  await emitEvent(tx, "assignment.held", assignmentFacts(assignment));
  await recordAudit(tx, "assignment.held", { entityId: assignmentId, ...details });
  return { assignment, ...answer };
}
