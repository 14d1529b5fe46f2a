import type { Id } from "@reminder-app/platform/ids";
import { planAgainAt } from "../assignments/plan-again.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { deliveryStopRepo } from "../deliveries/delivery-stops.repo.ts";
import { type Pause, pauseEnd } from "../deliveries/pause-end.ts";
import { type PauseAnswer, pauseDeliveries } from "../deliveries/stop-deliveries.ts";
import { planReminders } from "../occurrences/plan-reminder.ts";
import { planSequenceChunk } from "../occurrences/plan-sequence.ts";
import { refuseUnless } from "./change-status.ts";
import { type Reminder, reminderRepo } from "./reminders.repo.ts";

/**
 * Hold everything back, also what waits in the queue, until `until` or until the reminder is resumed. Its moments are
 * filed as they pass, and not made up for. Pausing a paused reminder gives the pause another end.
 */
export async function pauseReminder(
  ctx: Ctx,
  id: Id<"Reminder">,
  pause: Pause = {},
): Promise<{ reminder: Reminder } & PauseAnswer> {
  requireRole(ctx, "staff", "pause reminders");
  requireAllClients(ctx, "pause reminders");
  return inTransaction(ctx, async (tx) => {
    const before = await reminderRepo(tx).lock(id);
    refuseUnless(before, ["active", "completed", "paused"], "paused");
    const { timeZone: zone } = await businessRepo(tx).get();
    const until = pauseEnd(pause, { zone, now: tx.now() });
    const isNew = before.status !== "paused" || before.pausedUntil?.getTime() !== until?.getTime();
    if (isNew) await reminderRepo(tx).update(id, { status: "paused", pausedUntil: until, updatedAt: tx.now() });
    if (until) await planAgainAt(tx, { reminderId: id }, until);
    const answer = await pauseDeliveries(tx, { reminderId: id }, { reason: "paused", until });
    const reminder = await reminderRepo(tx).get(id);
    if (isNew)
      await recordAudit(tx, "reminder.paused", {
        entityId: id,
        was: before.status,
        until: until?.toISOString(),
        ...answer,
      });
    return { reminder, ...answer };
  });
}

/** Go on after a pause. Moments that passed meanwhile are not made up for; what still waits goes if it is in its grace. */
export async function resumeReminder(ctx: Ctx, id: Id<"Reminder">): Promise<Reminder> {
  requireRole(ctx, "staff", "resume reminders");
  requireAllClients(ctx, "resume reminders");
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(id);
    if (reminder.status === "active") return reminder;
    refuseUnless(reminder, ["paused"], "resumed");
    await filePassed(tx, reminder);
    const { nextDueAt } = await reminderRepo(tx).get(id);
    const goesOn = nextDueAt !== null || reminder.schedule.kind === "sequence";
    const now = tx.now();
    const status = goesOn ? ("active" as const) : ("completed" as const);
    await reminderRepo(tx).update(id, { status, pausedUntil: null, updatedAt: now });
    await planAgainAt(tx, { reminderId: id }, now);
    await deliveryStopRepo(tx).wakeWaiting({ reminderId: id }, { reason: "paused", at: now });
    const resumed = await reminderRepo(tx).get(id);
    await recordAudit(tx, "reminder.resumed", { entityId: id, is: resumed.status });
    return resumed;
  });
}

/** The same when the pause has come to its end; it may have been given another one meanwhile. */
export async function endPauseOfReminder(ctx: Ctx, id: Id<"Reminder">): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const { status, pausedUntil } = await reminderRepo(tx).lock(id);
    if (status === "paused" && pausedUntil && pausedUntil <= tx.now()) await resumeReminder(tx, id);
  });
}

/** File what came due in the pause and is not filed yet, before the row no longer tells that there was one. */
async function filePassed(tx: Ctx, { id, schedule }: Reminder): Promise<void> {
  if (schedule.kind !== "sequence") await planReminders(tx, [id], 0);
  else while (!(await planSequenceChunk(tx, id, 0)).finished);
}
