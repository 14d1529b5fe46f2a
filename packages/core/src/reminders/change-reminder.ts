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
import { type ChangeEffect, compareFutures, futureOf } from "./change-effect.ts";
import { planOf } from "./plan.ts";
import { planRepo } from "./plans.repo.ts";
import { firstDueAt, reminderFields } from "./reminder-input.ts";
import { type NewReminder, type Reminder, reminderRepo } from "./reminders.repo.ts";
import { requireChecklist } from "./require-checklist.ts";
import { type ChannelsOff, requireChannels } from "./require-channels.ts";
import { allChannels, requireSteps } from "./step-messages.ts";
import { scheduleOf } from "./schedule-of.ts";

export const ChangeReminderInput = z
  .strictObject(reminderFields)
  .omit({ type: true })
  .partial()
  .extend({
    appliesTo: z
      .enum(["new", "in_flight"])
      .default("in_flight")
      .describe("new keeps the open assignments on schedule, texts and channels as they are"),
  });
type Input = z.output<typeof ChangeReminderInput>;

/** A reminder that was changed, and whom that concerns. */
export interface ChangedReminder extends Reminder {
  readonly effect: ChangeEffect;
}

interface Target {
  readonly id: Id<"Reminder">;
  readonly off: ChannelsOff;
}

/**
 * Change a reminder, for new assignments only or also for those under way. A new text holds for everything that has not
 * left yet; a new schedule re-dates what is not due yet and repeats nothing that was sent. Run in `dryRun` it tells
 * whom the change would concern.
 */
export async function changeReminder(ctx: Ctx, { id, off }: Target, input: Input): Promise<ChangedReminder> {
  requireRole(ctx, "staff", "change reminders");
  requireAllClients(ctx, "change reminders");
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(id);
    if (reminder.status === "cancelled")
      throw new AppError("conflict", "A cancelled reminder can no longer be changed");
    const { graceMinutes, appliesTo, ...fields } = input;
    const given = withoutUndefined(fields);
    await requireSound(tx, { reminder, input, off });

    const before = await futureOf(tx, reminder);
    const assignments = await choosePlans(tx, reminder, input);
    const reaches = appliesTo === "in_flight";
    const restart = await reschedule(tx, reminder, input.schedule);
    const change = {
      ...given,
      ...(graceMinutes !== undefined && { graceMs: graceMinutes * MINUTE_MS }),
      ...(reaches && restart),
      revision: reminder.revision + 1,
    };
    await reminderRepo(tx).update(id, { ...change, updatedAt: tx.now() });
    const stored = await reminderRepo(tx).get(id);
    const restarts = reaches && (fields.schedule !== undefined || assignments.unpinned > 0);
    if (restarts && reminder.status !== "draft") await unplanFuture(tx, id);
    const changed = restarts ? await restartAssignments(tx, stored) : stored;
    const { unpinned: _, ...counted } = assignments;
    const future = restarts ? await futureOf(tx, changed) : before;
    const effect = { appliesTo, assignments: counted, sends: compareFutures(before, future) };
    await recordAudit(tx, "reminder.changed", { entityId: id, changes: changesOf(reminder, change), ...effect });
    return { ...changed, effect };
  });
}

/** Throws `validation_failed` where what a change makes of a reminder cannot be sent. */
async function requireSound(
  tx: Ctx,
  { reminder, input, off }: { reminder: Reminder; input: Input; off: ChannelsOff },
): Promise<void> {
  const wanted = { ...reminder, ...withoutUndefined(input) };
  if (input.schedule) await requireSameKind(tx, reminder, input.schedule);
  requireSteps(wanted);
  if (input.channels ?? input.stepMessages) requireChannels(allChannels(wanted), off);
  requireChecklist(wanted);
  warn(tx, doubtfulChange(reminder, input));
  const isText = input.subject !== undefined || input.body !== undefined || input.stepMessages !== undefined;
  if (isText && input.appliesTo === "in_flight")
    requireFieldsOfAll(wanted, await assignmentRepo(tx).lacking(reminder.id));
  if (
    input.appliesTo === "new" &&
    input.schedule &&
    reminder.schedule.kind !== "sequence" &&
    reminder.status !== "draft"
  )
    throw invalid("appliesTo", "must be in_flight: this schedule is one clock for all clients; or make a new reminder");
}

const planFields = ["schedule", "channels", "channelMode", "subject", "body", "stepMessages"] as const;

/** Keep the replaced plan, and say which open assignments stay on it. */
async function choosePlans(tx: Ctx, reminder: Reminder, input: Input) {
  const { appliesTo } = input;
  await planRepo(tx).keep({ ...planOf(reminder), reminderId: reminder.id, createdAt: tx.now() });
  const open = await assignmentRepo(tx).countOpen(reminder.id);
  // Another name or grace is no other plan: it holds for all, and who was left on an older plan stays on it.
  if (!planFields.some((field) => input[field] !== undefined)) return { changed: open, kept: 0, unpinned: 0 };
  const pinned = await assignmentRepo(tx).pinOpen(reminder.id, appliesTo === "new" ? reminder.revision : null);
  return appliesTo === "new" ? { changed: 0, kept: open, unpinned: 0 } : { changed: open, kept: 0, unpinned: pinned };
}

/** What of a change is doubtful: its texts, and the text that is there where it is to go out by SMS from now on. */
function doubtfulChange(reminder: Reminder, { subject, body, channels, stepMessages }: Input) {
  const addsSms = channels?.includes("sms") === true && !reminder.channels.includes("sms");
  return doubtfulTexts({
    subject,
    body: body ?? (addsSms ? reminder.body : undefined),
    channels: channels ?? reminder.channels,
    stepMessages,
  });
}

async function reschedule(
  tx: Ctx,
  reminder: Reminder,
  schedule: Reminder["schedule"] | undefined,
): Promise<Partial<NewReminder>> {
  if (!schedule) return {};
  const first = firstDueAt(await scheduleOf(tx, { ...reminder, schedule }), tx.now());
  if (first) warn(tx, doubtfulMoment(first, tx.now()));
  if (reminder.status === "draft") return {};
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
