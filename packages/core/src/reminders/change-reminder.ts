import { MINUTE_MS } from "@reminder-app/platform/clock";
import { AppError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { restartAssignments } from "../assignments/restart-assignments.ts";
import { requireFieldsOfAll } from "../assignments/require-fields.ts";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { unplanFuture } from "../occurrences/unplan-future.ts";
import { warn } from "../validation-rules.ts";
import { doubtfulMoment, doubtfulTexts } from "./doubtful-reminder.ts";
import { firstDueAt, reminderFields } from "./reminder-input.ts";
import { type NewReminder, type Reminder, reminderRepo } from "./reminders.repo.ts";
import { type ChannelsOff, requireChannels } from "./require-channels.ts";

export const ChangeReminderInput = z.strictObject(reminderFields).omit({ type: true }).partial();

/**
 * Change a reminder. A new text holds for everything that has not left yet; a new schedule re-dates what is not
 * due yet and repeats nothing that was sent.
 */
export async function changeReminder(
  ctx: Ctx,
  { id, off }: { id: Id<"Reminder">; off: ChannelsOff },
  input: z.output<typeof ChangeReminderInput>,
): Promise<Reminder> {
  requireRole(ctx, "staff", "change reminders");
  requireAllClients(ctx, "change reminders");
  if (input.channels) requireChannels(input.channels, off);
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(id);
    if (reminder.status === "cancelled")
      throw new AppError("conflict", "A cancelled reminder can no longer be changed");
    const { graceMinutes, ...fields } = input;
    warn(tx, doubtfulChange(reminder, input));
    if (fields.subject !== undefined || fields.body !== undefined) {
      const text = { subject: fields.subject ?? reminder.subject, body: fields.body ?? reminder.body };
      requireFieldsOfAll(text, await assignmentRepo(tx).lacking(id));
    }
    const change = {
      ...withoutUndefined(fields),
      ...(graceMinutes !== undefined && { graceMs: graceMinutes * MINUTE_MS }),
      ...(await reschedule(tx, reminder, input.schedule)),
      revision: reminder.revision + 1,
    };
    await reminderRepo(tx).update(id, { ...change, updatedAt: tx.now() });
    const stored = await reminderRepo(tx).get(id);
    const changed = fields.schedule ? await restartAssignments(tx, stored) : stored;
    await recordAudit(tx, "reminder.changed", { entityId: id, changes: changesOf(reminder, change) });
    return changed;
  });
}

/** What of a change is doubtful: its texts, and the text that is there where it is to go out by SMS from now on. */
function doubtfulChange(reminder: Reminder, { subject, body, channels }: z.output<typeof ChangeReminderInput>) {
  const addsSms = channels?.includes("sms") === true && !reminder.channels.includes("sms");
  return doubtfulTexts({
    subject,
    body: body ?? (addsSms ? reminder.body : undefined),
    channels: channels ?? reminder.channels,
  });
}

async function reschedule(
  tx: Ctx,
  reminder: Reminder,
  schedule: Reminder["schedule"] | undefined,
): Promise<Partial<NewReminder>> {
  if (!schedule) return {};
  await requireSameKind(tx, reminder, schedule);
  const first = firstDueAt(schedule, tx.now());
  if (first) warn(tx, doubtfulMoment(first, tx.now()));
  if (reminder.status === "draft") return {};
  await unplanFuture(tx, reminder.id);
  return reminder.status === "completed"
    ? { nextDueAt: first, status: "active", round: reminder.round + 1 }
    : { nextDueAt: first };
}

/** Steps are counted from each client's due date, other moments are one clock's: what is under way cannot turn from one to the other. */
async function requireSameKind(
  tx: Ctx,
  { id, schedule, status }: Reminder,
  wanted: Reminder["schedule"],
): Promise<void> {
  const isSequence = schedule.kind === "sequence";
  if (isSequence === (wanted.kind === "sequence")) return;
  const assigned = await assignmentRepo(tx).page({ reminderId: id }, { limit: 1 });
  if (status === "draft" && assigned.length === 0) return;
  const message = isSequence
    ? "the reminder is a sequence and stays one; make a new reminder for another kind of schedule"
    : "the reminder has one clock for all clients; make a new reminder for a sequence";
  throw invalid("schedule.kind", message);
}
