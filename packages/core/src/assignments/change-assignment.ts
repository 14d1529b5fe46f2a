import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { type StopAnswer, type StopReason, stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { assignmentFields } from "./assign-clients.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import { requireFields } from "./require-fields.ts";

/** Which assignment of which reminder. */
export interface AssignmentKey {
  readonly reminderId: Id<"Reminder">;
  readonly assignmentId: Id<"Assignment">;
}

export const ChangeAssignmentInput = z
  .strictObject({ dueOn: assignmentFields.dueOn, amount: assignmentFields.amount, currency: assignmentFields.currency })
  .partial();

export async function changeAssignment(
  ctx: Ctx,
  { reminderId, assignmentId }: AssignmentKey,
  input: z.output<typeof ChangeAssignmentInput>,
): Promise<Assignment> {
  requireRole(ctx, "staff", "change assignments");
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).get(reminderId);
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    const change = withoutUndefined(input);
    requireFields(reminder, { ...present, ...change }, "assignment");
    await assignmentRepo(tx).update(assignmentId, { ...change, updatedAt: tx.now() });
    const changed = await assignmentRepo(tx).get(reminderId, assignmentId);
    await recordAudit(tx, "assignment.changed", {
      entityId: assignmentId,
      reminderId,
      changes: changesOf(present, change),
    });
    return changed;
  });
}

const CLOSING = {
  done: { reason: "done", action: "assignment.done" },
  cancelled: { reason: "assignment_cancelled", action: "assignment.cancelled" },
} as const satisfies Record<string, { reason: StopReason; action: string }>;

/**
 * Close an assignment: no send for it starts once this has committed; the answer tells how many had started before.
 * Closing it again in the same way changes nothing.
 */
export async function closeAssignment(
  ctx: Ctx,
  { reminderId, assignmentId }: AssignmentKey,
  as: keyof typeof CLOSING,
): Promise<{ assignment: Assignment } & StopAnswer> {
  requireRole(ctx, "staff", "close assignments");
  return inTransaction(ctx, async (tx) => {
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    const closes = present.state === "open" || present.state === "exhausted";
    if (!closes && present.state !== as) {
      throw new AppError("conflict", `The assignment is ${present.state}; re-open it first`);
    }
    const now = tx.now();
    if (closes) await assignmentRepo(tx).update(assignmentId, { state: as, closedAt: now, updatedAt: now });
    const answer = await stopDeliveries(tx, { assignmentId }, CLOSING[as].reason);
    const assignment = await assignmentRepo(tx).get(reminderId, assignmentId);
    if (closes) await recordAudit(tx, CLOSING[as].action, { entityId: assignmentId, reminderId, ...answer });
    return { assignment, ...answer };
  });
}

/** Open a closed assignment again; the client is reminded from the reminder's next moment on. */
export async function reopenAssignment(ctx: Ctx, { reminderId, assignmentId }: AssignmentKey): Promise<Assignment> {
  requireRole(ctx, "staff", "re-open assignments");
  return inTransaction(ctx, async (tx) => {
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    if (present.state === "open") return present;
    const change = { state: "open" as const, closedAt: null, round: present.round + 1, updatedAt: tx.now() };
    await assignmentRepo(tx).update(assignmentId, change);
    const assignment = await assignmentRepo(tx).get(reminderId, assignmentId);
    await recordAudit(tx, "assignment.reopened", { entityId: assignmentId, reminderId, was: present.state });
    return assignment;
  });
}
