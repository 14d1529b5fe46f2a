import type { HoldReason } from "@reminder-app/db/schema/reminders";
import { civilDateIn, daysAfter, startOfDay } from "@reminder-app/schedule/civil-date";
import { type Assignment, assignmentRepo } from "../assignments/assignments.repo.ts";
import { close, isChased } from "../assignments/close-assignment.ts";
import { placeHold } from "../assignments/place-hold.ts";
import { planAgainAt } from "../assignments/plan-again.ts";
import { releaseAssignment } from "../assignments/release-assignment.ts";
import { reopen } from "../assignments/reopen-assignment.ts";
import { followAssignments } from "../assignments/start-assignment.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { deliveryStopRepo } from "../deliveries/delivery-stops.repo.ts";
import { pauseDeliveries } from "../deliveries/stop-deliveries.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { openTask } from "../tasks/open-task.ts";
import { balanceOf, surplusOf } from "./balance.ts";
import type { Standing } from "./standing.ts";

/** One assignment by which a request is chased. */
interface Chased {
  readonly assignment: Assignment;
  readonly reminder: Reminder;
}

/** Let a chase follow how its request stands. Where it follows already, nothing changes. */
export async function followChase(tx: Ctx, standing: Standing, { assignment, reminder }: Chased): Promise<void> {
  const { request } = standing;
  const balance = balanceOf(request);
  if (assignment.amount !== balance && assignment.state !== "cancelled")
    await assignmentRepo(tx).update(assignment.id, { amount: balance, updatedAt: tx.now() });
  const present = { ...assignment, amount: balance };
  if (surplusOf(request) > surplusOf(standing.before)) await tell(tx, "overpaid", present);
  if (standing.failed) await tell(tx, "payment_failed", present);
  if (request.state === "cancelled") return;
  if (balance === 0) {
    if (isChased(present)) await close(tx, { reminder, present }, "paid");
    return;
  }
  await followOpen(tx, standing, { assignment: present, reminder });
  if (reminder.schedule.kind === "sequence") await followAssignments(tx, reminder.id);
}

/** Something is still owed. */
async function followOpen(tx: Ctx, standing: Standing, { assignment, reminder }: Chased): Promise<void> {
  const wasPaid = assignment.state === "done" && assignment.closedBecause === "paid";
  if (wasPaid) await reopen(tx, { reminder, present: assignment });
  else if (!isChased(assignment)) return;
  await followPaying(tx, standing, assignment);
  const hold = holdFor(standing, wasPaid, assignment);
  if (hold === "release")
    await releaseAssignment(tx, { reminderId: assignment.reminderId, assignmentId: assignment.id });
  else if (hold) await holdFrom(tx, standing, { assignment, reason: hold });
}

/** While money is on its way nothing is sent; when it has failed, the chase goes on. */
async function followPaying(tx: Ctx, { request }: Standing, { id, payingAt }: Assignment): Promise<void> {
  const now = tx.now();
  if (request.processing > 0 === (payingAt !== null)) return;
  if (request.processing > 0) {
    await assignmentRepo(tx).update(id, { payingAt: now, updatedAt: now });
    await pauseDeliveries(tx, { assignmentId: id }, { reason: "payment_on_its_way", until: null });
    return;
  }
  await assignmentRepo(tx).update(id, { payingAt: null, updatedAt: now });
  await planAgainAt(tx, { assignmentId: id }, now);
  await deliveryStopRepo(tx).wakeWaiting({ assignmentId: id }, { reason: "payment_on_its_way", at: now });
}

/** Which hold follows from how money moved, if another one does. */
function holdFor(standing: Standing, wasPaid: boolean, assignment: Assignment): HoldReason | "release" | undefined {
  const { request, before, disputeOpen, mistaken } = standing;
  const isDisputed = !wasPaid && assignment.hold === "bank_dispute";
  if (disputeOpen) return isDisputed ? undefined : "bank_dispute";
  const isLost = isDisputed && request.disputed > 0;
  const wentBack = before.paid > request.paid && !mistaken;
  if ((isLost || wentBack) && request.policy.afterRefund === "hold") return "refunded";
  if (isDisputed) return "release";
  const pauses = request.paid > before.paid && request.policy.pauseDaysAfterPart > 0 && assignment.hold === null;
  return pauses ? "part_payment" : undefined;
}

async function holdFrom(
  tx: Ctx,
  { request }: Standing,
  { assignment, reason }: { assignment: Assignment; reason: HoldReason },
): Promise<void> {
  const until = reason === "part_payment" ? await afterDays(tx, request.policy.pauseDaysAfterPart) : null;
  const { id: assignmentId, reminderId } = assignment;
  await placeHold(tx, { reminderId, assignmentId }, { reason, until });
  if (reason === "refunded") await tell(tx, "refunded", assignment);
  if (reason === "bank_dispute") await tell(tx, "payment_disputed", assignment);
}

/** The day begins without the hold. */
async function afterDays(tx: Ctx, days: number): Promise<Date> {
  const { timeZone } = await businessRepo(tx).get();
  return startOfDay(daysAfter(civilDateIn(timeZone, tx.now()), days + 1), timeZone);
}

type Told = "overpaid" | "payment_failed" | "refunded" | "payment_disputed";

function tell(tx: Ctx, kind: Told, { id, reminderId, clientId }: Assignment): Promise<void> {
  return openTask(tx, { kind, subject: `assignment:${id}`, reminderId, clientId, assignmentId: id });
}
