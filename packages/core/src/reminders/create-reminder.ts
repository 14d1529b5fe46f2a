import { MINUTE_MS } from "@reminder-app/platform/clock";
import { newId } from "@reminder-app/platform/ids";
import { z } from "zod";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { warn } from "../validation-rules.ts";
import { doubtfulMoment, doubtfulTexts } from "./doubtful-reminder.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { DEFAULT_GRACE_MS, defaultStopRule, reminderFields, firstDueAt } from "./reminder-input.ts";
import { type Reminder, reminderRepo } from "./reminders.repo.ts";
import { requireChecklist } from "./require-checklist.ts";
import { type ChannelsOff, requireChannels } from "./require-channels.ts";
import { allChannels, requireSteps } from "./step-messages.ts";
import { scheduleOf } from "./schedule-of.ts";

export const CreateReminderInput = z.strictObject({
  ...reminderFields,
  channelMode: reminderFields.channelMode.default("first_success"),
  stopRule: reminderFields.stopRule.optional().describe("What ends the chase; the type decides when left out"),
  graceMinutes: reminderFields.graceMinutes.optional(),
  stepMessages: reminderFields.stepMessages.default(null),
  priority: reminderFields.priority.default("normal"),
  needsApproval: reminderFields.needsApproval.default(false),
  checklist: reminderFields.checklist.default(null),
  activate: z.boolean().default(false).describe("Start at once, instead of leaving a draft"),
  assignments: AssignClientsInput.shape.assignments.optional().describe("Clients to remind from the start"),
});

/** Write a reminder, and put clients on it. It is a draft, unless `activate` starts it. */
export async function createReminder(
  ctx: Ctx,
  input: z.output<typeof CreateReminderInput>,
  off: ChannelsOff,
): Promise<Reminder> {
  requireRole(ctx, "staff", "create reminders");
  requireAllClients(ctx, "create reminders");
  requireSteps(input);
  requireChannels(allChannels(input), off);
  requireChecklist({ ...input, stopRule: input.stopRule ?? defaultStopRule[input.type] });
  const { activate, assignments, graceMinutes, stopRule, ...fields } = input;
  const now = ctx.now();
  const isSequence = input.schedule.kind === "sequence";
  const nextDueAt = isSequence ? null : firstDueAt(await scheduleOf(ctx, input), now);
  warn(ctx, [...doubtfulTexts(input), ...(nextDueAt ? doubtfulMoment(nextDueAt, now) : [])]);

  const reminder = {
    ...fields,
    id: newId<"Reminder">(),
    stopRule: stopRule ?? defaultStopRule[input.type],
    graceMs: graceMinutes === undefined ? DEFAULT_GRACE_MS : graceMinutes * MINUTE_MS,
    status: activate ? ("active" as const) : ("draft" as const),
    revision: 1,
    round: 1,
    nextDueAt: activate ? nextDueAt : null,
    pausedUntil: null,
    createdAt: now,
    updatedAt: now,
  };
  return inTransaction(ctx, async (tx) => {
    await reminderRepo(tx).insert(reminder);
    if (assignments) await assignClients(tx, reminder.id, { assignments });
    await recordAudit(tx, "reminder.created", {
      entityId: reminder.id,
      name: reminder.name,
      type: reminder.type,
      status: reminder.status,
    });
    return isSequence && assignments ? reminderRepo(tx).get(reminder.id) : { ...reminder, businessId: ctx.businessId };
  });
}
