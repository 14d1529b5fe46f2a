import { type ClosingFact, closingFacts } from "@reminder-app/db/schema/reminders";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Schedule } from "@reminder-app/schedule/schedule";
import { z } from "zod";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { isNothingOwed } from "../deliveries/standstill.ts";
import { type StopAnswer, stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { inForceFor } from "../reminders/plan-in-force.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { assignmentFields } from "./assign-clients.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";
import { type AssignmentWithNext, withNext } from "./next-message.ts";
import { noHold } from "./no-hold.ts";
import { redateAssignment } from "./redate-assignment.ts";
import { requireFit } from "./require-fit.ts";
import { followAssignments } from "./start-assignment.ts";
import { assignmentFacts } from "../webhooks/event-facts.ts";
import { emitEvent } from "../webhooks/emit-event.ts";

/** Which assignment of which reminder. */
export interface AssignmentKey {
  readonly reminderId: Id<"Reminder">;
  readonly assignmentId: Id<"Assignment">;
}

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
    const wanted = { ...present, ...change };
    requireFit(reminder, { ...wanted, overrides: change.overrides ?? null }, "assignment");
    const redates = change.dueOn !== undefined || change.overrides !== undefined;
    const mark = redates && isChased(present) ? await redateAssignment(tx, reminder, wanted) : {};
    await assignmentRepo(tx).update(assignmentId, { ...change, ...mark, updatedAt: tx.now() });
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

/** What closes an assignment: the fact that ends the chase, or that the client is taken off. */
type Closing = ClosingFact | "cancelled";

/** The end of an exhausted one is the planner's verdict, which another date may change. */
function isChased({ state }: Assignment): boolean {
  return state === "open" || state === "exhausted";
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
  const because = closing === "cancelled" ? null : closing;
  const state = because ? ("done" as const) : ("cancelled" as const);
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).get(reminderId);
    const present = await assignmentRepo(tx).lock(reminderId, assignmentId);
    const { schedule } = await inForceFor(tx, reminder, present);
    const closes = present.state === "open" || present.state === "exhausted";
    if (!closes && present.state !== state) {
      throw new AppError("conflict", `The assignment is ${present.state}; re-open it first`);
    }
    const now = tx.now();
    const nextAt = because && opensNext(schedule, present) ? present.nextAt : null;
    const closed = { ...noHold, state, nextAt, closedBecause: because, closedAt: now, updatedAt: now };
    if (closes) await assignmentRepo(tx).update(assignmentId, closed);
    const answer = await stopDeliveries(tx, { assignmentId }, because ?? "assignment_cancelled");
    const assignment = await assignmentRepo(tx).get(reminderId, assignmentId);
    const details = { reminderId, ...(because && { because }), ...answer };
    if (closes) await emitEvent(tx, `assignment.${state}`, assignmentFacts(assignment));
    if (closes) await recordAudit(tx, `assignment.${state}`, { entityId: assignmentId, ...details });
    return { assignment, ...answer };
  });
}

/** The planner still has to open the next period of a due rule after it. */
function opensNext(schedule: Schedule, { nextOpened }: Assignment): boolean {
  return schedule.kind === "sequence" && schedule.due !== undefined && !nextOpened;
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
    const opened = { ...present, state: "open" as const, round: present.round + 1, nextAt: null };
    const mark = await redateAssignment(tx, await inForceFor(tx, reminder, present), opened);
    await assignmentRepo(tx).update(assignmentId, {
      ...mark,
      state: "open",
      closedAt: null,
      closedBecause: null,
      round: opened.round,
      updatedAt: tx.now(),
    });
    const assignment = await answerWith(tx, reminder, assignmentId);
    await emitEvent(tx, "assignment.reopened", assignmentFacts(assignment));
    await recordAudit(tx, "assignment.reopened", { entityId: assignmentId, reminderId, was: present.state });
    return assignment;
  });
}
