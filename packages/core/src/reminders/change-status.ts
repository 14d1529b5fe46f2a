import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { nextSlot } from "@reminder-app/schedule/slots";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { deliveryStopRepo } from "../deliveries/delivery-stops.repo.ts";
import { type StopAnswer, stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { cancelOpenOccurrences } from "../occurrences/unplan-future.ts";
import { firstDueAt } from "./reminder-input.ts";
import { type Reminder, reminderRepo } from "./reminders.repo.ts";
import { type ChannelsOff, requireChannels } from "./require-channels.ts";

/** Start a draft, or a completed reminder once more (a new round, which sends again). */
export async function activateReminder(ctx: Ctx, id: Id<"Reminder">, off: ChannelsOff): Promise<Reminder> {
  requireRole(ctx, "staff", "activate reminders");
  requireAllClients(ctx, "activate reminders");
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(id);
    if (reminder.status === "active") return reminder;
    refuseUnless(reminder, ["draft", "completed"], "activated");
    requireChannels(reminder.channels, off);
    const first = firstDueAt(reminder.schedule, tx.now());
    const round = reminder.status === "completed" ? reminder.round + 1 : reminder.round;
    await reminderRepo(tx).update(id, { status: "active", nextDueAt: first, round, updatedAt: tx.now() });
    const activated = await reminderRepo(tx).get(id);
    await recordAudit(tx, "reminder.activated", { entityId: id, was: reminder.status, round });
    return activated;
  });
}

/** Hold everything back, also what waits in the queue, until the reminder is resumed. */
export async function pauseReminder(ctx: Ctx, id: Id<"Reminder">): Promise<{ reminder: Reminder; inFlight: number }> {
  requireRole(ctx, "staff", "pause reminders");
  requireAllClients(ctx, "pause reminders");
  return inTransaction(ctx, async (tx) => {
    const before = await reminderRepo(tx).lock(id);
    const pauses = before.status !== "paused";
    if (pauses) {
      refuseUnless(before, ["active", "completed"], "paused");
      await reminderRepo(tx).update(id, { status: "paused", updatedAt: tx.now() });
    }
    const postponed = pauses ? await deliveryStopRepo(tx).postponeWaiting(id, tx.now()) : 0;
    const inFlight = await deliveryStopRepo(tx).countInFlight({ reminderId: id });
    const reminder = await reminderRepo(tx).get(id);
    if (pauses) await recordAudit(tx, "reminder.paused", { entityId: id, was: before.status, postponed });
    return { reminder, inFlight };
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
    const next = nextAfterPause(reminder, tx.now());
    await reminderRepo(tx).update(id, {
      status: next ? "active" : "completed",
      nextDueAt: next ?? null,
      updatedAt: tx.now(),
    });
    await deliveryStopRepo(tx).wakeWaiting(id, tx.now());
    const resumed = await reminderRepo(tx).get(id);
    await recordAudit(tx, "reminder.resumed", { entityId: id, is: resumed.status });
    return resumed;
  });
}

/** What was planned ahead keeps its place: the next moment to plan never moves back. */
function nextAfterPause({ schedule, nextDueAt }: Reminder, now: Date): Date | undefined {
  if (schedule.kind === "sequence") return nextDueAt ?? undefined;
  if (nextDueAt && nextDueAt > now) return nextDueAt;
  return nextDueAt ? nextSlot(schedule, now)?.at : undefined;
}

/** End a reminder for good: once this has committed no send of it starts, also not from a fan-out in progress. */
export async function cancelReminder(ctx: Ctx, id: Id<"Reminder">): Promise<{ reminder: Reminder } & StopAnswer> {
  requireRole(ctx, "staff", "cancel reminders");
  requireAllClients(ctx, "cancel reminders");
  return inTransaction(ctx, async (tx) => {
    const before = await reminderRepo(tx).lock(id);
    const cancels = before.status !== "cancelled";
    if (cancels) {
      await reminderRepo(tx).update(id, { status: "cancelled", nextDueAt: null, updatedAt: tx.now() });
      await cancelOpenOccurrences(tx, id);
    }
    const answer = await stopDeliveries(tx, { reminderId: id }, "reminder_cancelled");
    const reminder = await reminderRepo(tx).get(id);
    if (cancels) await recordAudit(tx, "reminder.cancelled", { entityId: id, was: before.status, ...answer });
    return { reminder, ...answer };
  });
}

function refuseUnless(reminder: Reminder, allowed: readonly Reminder["status"][], verb: string): void {
  if (allowed.includes(reminder.status)) return;
  throw new AppError(
    "conflict",
    `A reminder that is ${reminder.status} cannot be ${verb}; it must be ${allowed.join(" or ")}`,
  );
}
