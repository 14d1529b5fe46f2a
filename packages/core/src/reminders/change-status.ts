import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { restartAssignments } from "../assignments/restart-assignments.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { type StopAnswer, stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { cancelOpenOccurrences } from "../occurrences/unplan-future.ts";
import { scheduleOf } from "./schedule-of.ts";
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
    const first = firstDueAt(await scheduleOf(tx, reminder), tx.now());
    const round = reminder.status === "completed" ? reminder.round + 1 : reminder.round;
    await reminderRepo(tx).update(id, { status: "active", nextDueAt: first, round, updatedAt: tx.now() });
    const activated = await restartAssignments(tx, await reminderRepo(tx).get(id));
    await recordAudit(tx, "reminder.activated", { entityId: id, was: reminder.status, round });
    return activated;
  });
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

/** Throws `conflict` unless the reminder is in one of the states `allowed`. */
export function refuseUnless(reminder: Reminder, allowed: readonly Reminder["status"][], verb: string): void {
  if (allowed.includes(reminder.status)) return;
  throw new AppError(
    "conflict",
    `A reminder that is ${reminder.status} cannot be ${verb}; it must be ${allowed.join(" or ")}`,
  );
}
