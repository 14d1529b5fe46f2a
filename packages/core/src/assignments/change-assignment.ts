import { closingFacts } from "@reminder-app/db/schema/reminders";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { isNothingOwed } from "../deliveries/standstill.ts";
import { type StopAnswer, stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { changeWhatIsAsked } from "../payments/change-what-is-asked.ts";
import { markPaid } from "../payments/mark-paid.ts";
import { requireOwed } from "../payments/require-owed.ts";
import { inForceFor } from "../reminders/plan-in-force.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { assignmentFields } from "./assign-clients.ts";
import type { AssignmentKey } from "./assignment-key.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import { type Closing, close, isChased } from "./close-assignment.ts";
import { type AssignmentWithNext, withNext } from "./next-message.ts";
import { redateAssignment } from "./redate-assignment.ts";
import { reopen } from "./reopen-assignment.ts";
import { requireFit } from "./require-fit.ts";
import { followAssignments } from "./start-assignment.ts";

export const ChangeAssignmentInput = z
  .strictObject({
    dueOn: assignmentFields.dueOn,
    amount: assignmentFields.amount,
    currency: assignmentFields.currency,
    overrides: assignmentFields.overrides,
  })
  .partial();

export const DoneInput = z.strictObject({
  because: z.enum(closingFacts).default("done").describe("What ended the chase"),
});

/**
 * Change an assignment. Another due date, or other overrides, re-date the steps that were not sent yet and repeat none
 * that were; the answer tells what goes next.
 */
export async function changeAssignment(
  ctx: Ctx,
  { reminderId, assignmentId }: AssignmentKey,
  input: z.output<typeof ChangeAssignmentInput>,
): Promise<AssignmentWithNext> {
  requireRole(ctx, "staff", "change assignments");
  return inTransaction(ctx, async (tx) => {
    const locked = await reminderRepo(tx).lock(reminderId);
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    const reminder = await inForceFor(tx, locked, present);
    const change = withoutUndefined(input);
    const own = await changeWhatIsAsked(tx, { reminder, present }, change);
    const wanted = { ...present, ...change };
    requireFit(reminder, { ...wanted, overrides: change.overrides ?? null }, "assignment");
    const redates = change.dueOn !== undefined || change.overrides !== undefined;
    const mark = redates && isChased(present) ? await redateAssignment(tx, reminder, wanted) : {};
    await assignmentRepo(tx).update(assignmentId, { ...own, ...mark, updatedAt: tx.now() });
    if (isNothingOwed(reminder, wanted)) await stopDeliveries(tx, { assignmentId }, "nothing_owed");
    const changed = await answerWith(tx, locked, assignmentId);
    await recordAudit(tx, "assignment.changed", {
      entityId: assignmentId,
      reminderId,
      changes: changesOf(present, change),
    });
    return changed;
  });
}

/** An assignment that was changed, with what goes next; the reminder's next moment follows it. */
async function answerWith(tx: Ctx, reminder: Reminder, id: Id<"Assignment">): Promise<AssignmentWithNext> {
  if (reminder.schedule.kind === "sequence") await followAssignments(tx, reminder.id);
  const assignment = await assignmentRepo(tx).get(reminder.id, id);
  const [told] = await withNext(tx, reminder, { assignments: [assignment], isNew: false });
  return told ?? { ...assignment, next: null };
}

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
  return inTransaction(ctx, async (tx) => {
    if (closing === "paid") await payRest(tx, await assignmentRepo(tx).get(reminderId, assignmentId));
    const reminder = await reminderRepo(tx).get(reminderId);
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    const state = closing === "cancelled" ? "cancelled" : "done";
    if (!isChased(present) && present.state !== state) {
      throw new AppError("conflict", `The assignment is ${present.state}; re-open it first`);
    }
    const answer = await close(tx, { reminder, present }, closing);
    return { assignment: await assignmentRepo(tx).get(reminderId, assignmentId), ...answer };
  });
}

/** Staff say that it is paid: so the rest of what was asked for is. */
async function payRest(tx: Ctx, { paymentRequestId }: Assignment): Promise<void> {
  if (paymentRequestId) await markPaid(tx, paymentRequestId);
}

/** Open a closed assignment again: the client is reminded from the next moment on, and a sequence begins once more. */
export async function reopenAssignment(
  ctx: Ctx,
  { reminderId, assignmentId }: AssignmentKey,
): Promise<AssignmentWithNext> {
  requireRole(ctx, "staff", "re-open assignments");
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(reminderId);
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    if (present.state === "open") return answerWith(tx, reminder, assignmentId);
    await requireOwed(tx, present);
    await reopen(tx, { reminder, present });
    return answerWith(tx, reminder, assignmentId);
  });
}
