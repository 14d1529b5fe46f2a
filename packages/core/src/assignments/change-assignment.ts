import { type ClosingFact, closingFacts } from "@reminder-app/db/schema/reminders";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { isNothingOwed } from "../deliveries/standstill.ts";
import { type StopAnswer, stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { assignmentFields } from "./assign-clients.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import { noHold } from "./no-hold.ts";
import { requireFields } from "./require-fields.ts";

/** Which assignment of which reminder. */
export interface AssignmentKey {
  readonly reminderId: Id<"Reminder">;
  readonly assignmentId: Id<"Assignment">;
}

export const ChangeAssignmentInput = z
  .strictObject({ dueOn: assignmentFields.dueOn, amount: assignmentFields.amount, currency: assignmentFields.currency })
  .partial();

export const DoneInput = z.strictObject({
  because: z.enum(closingFacts).default("done").describe("What ended the chase"),
});

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
    if (isNothingOwed(reminder, { ...present, ...change })) await stopDeliveries(tx, { assignmentId }, "nothing_owed");
    const changed = await assignmentRepo(tx).get(reminderId, assignmentId);
    await recordAudit(tx, "assignment.changed", {
      entityId: assignmentId,
      reminderId,
      changes: changesOf(present, change),
    });
    return changed;
  });
}

/** What closes an assignment: the fact that ends the chase, or that the client is taken off. */
type Closing = ClosingFact | "cancelled";

/**
 * Close an assignment: no send for it starts once this has committed; the answer tells how many had started before.
 * Closing it again in the same way changes nothing.
 */
export async function closeAssignment(
  ctx: Ctx,
  { reminderId, assignmentId }: AssignmentKey,
  closing: Closing,
): Promise<{ assignment: Assignment } & StopAnswer> {
  requireRole(ctx, "staff", "close assignments");
  const because = closing === "cancelled" ? null : closing;
  const state = because ? ("done" as const) : ("cancelled" as const);
  return inTransaction(ctx, async (tx) => {
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    const closes = present.state === "open" || present.state === "exhausted";
    if (!closes && present.state !== state) {
      throw new AppError("conflict", `The assignment is ${present.state}; re-open it first`);
    }
    const now = tx.now();
    const closed = { ...noHold, state, closedBecause: because, closedAt: now, updatedAt: now };
    if (closes) await assignmentRepo(tx).update(assignmentId, closed);
    const answer = await stopDeliveries(tx, { assignmentId }, because ?? "assignment_cancelled");
    const assignment = await assignmentRepo(tx).get(reminderId, assignmentId);
    const details = { reminderId, ...(because && { because }), ...answer };
    if (closes) await recordAudit(tx, `assignment.${state}`, { entityId: assignmentId, ...details });
    return { assignment, ...answer };
  });
}

/** Open a closed assignment again; the client is reminded from the reminder's next moment on. */
export async function reopenAssignment(ctx: Ctx, { reminderId, assignmentId }: AssignmentKey): Promise<Assignment> {
  requireRole(ctx, "staff", "re-open assignments");
  return inTransaction(ctx, async (tx) => {
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    if (present.state === "open") return present;
    const change = {
      state: "open" as const,
      closedAt: null,
      closedBecause: null,
      round: present.round + 1,
      updatedAt: tx.now(),
    };
    await assignmentRepo(tx).update(assignmentId, change);
    const assignment = await assignmentRepo(tx).get(reminderId, assignmentId);
    await recordAudit(tx, "assignment.reopened", { entityId: assignmentId, reminderId, was: present.state });
    return assignment;
  });
}
