import { type ReminderType, reminderTypes } from "@reminder-app/db/schema/reminder-types";
import { type StopRule, channelModes, priorities, stopRules, tones } from "@reminder-app/db/schema/reminders";
import { MINUTE_MS } from "@reminder-app/platform/clock";
import { type Schedule, type SharedSchedule, scheduleSchema } from "@reminder-app/schedule/schedule";
import { type Slot, nextSlot } from "@reminder-app/schedule/slots";
import type { AtOneTime } from "@reminder-app/schedule/time-of-day";
import { invalid } from "@reminder-app/platform/errors";
import { z } from "zod";
import { channelOrder } from "../channel-order.ts";
import { checklistLabels } from "../documents/checklist-labels.ts";
import { bodyTemplate, subjectTemplate } from "../templates/check-template.ts";
import { line } from "../texts.ts";

const DEFAULT_GRACE_MINUTES = 12 * 60;
const MOST_GRACE_MINUTES = 7 * 24 * 60;

/** What ends the chase, by type, when the reminder does not say. */
export const defaultStopRule = {
  deadline: "done",
  payment: "paid",
  document: "received",
  appointment: "none",
  custom: "done",
} as const satisfies Record<ReminderType, StopRule>;

/** What a step says and where, by the step's id; what is left out is the reminder's own. */
const stepMessagesSchema = z
  .record(
    z.string().max(40),
    z
      .strictObject({
        subject: subjectTemplate,
        body: bodyTemplate,
        channels: channelOrder,
        tone: z.enum(tones),
      })
      .partial(),
  )
  .nullable();

export const reminderFields = {
  name: line(200),
  type: z.enum(reminderTypes),
  schedule: scheduleSchema,
  channels: channelOrder,
  channelMode: z.enum(channelModes),
  stopRule: z.enum(stopRules),
  subject: subjectTemplate,
  body: bodyTemplate,
  stepMessages: stepMessagesSchema,
  priority: z.enum(priorities),
  needsApproval: z.boolean().describe("Each message waits in the outbox until a person approves it"),
  checklist: checklistLabels
    .nullable()
    .describe("What each client is asked to send; those who are on the reminder already keep their own list"),
  graceMinutes: z.int().min(1).max(MOST_GRACE_MINUTES).describe("How late a message may still go out"),
} as const;

/** Columns end with the year 9999, and a moment's grace and retries come on top. */
const LATEST = new Date("9900-01-01T00:00:00Z");

export const DEFAULT_GRACE_MS = DEFAULT_GRACE_MINUTES * MINUTE_MS;

/**
 * When a reminder that starts now is first due. A sequence is due when one of its assignments is, so at first never.
 * Throws `validation_failed` with the reason when the schedule has no moment.
 */
export function firstDueAt(schedule: Schedule & AtOneTime, now: Date): Date | null {
  return schedule.kind === "sequence" ? null : requireNextSlot(schedule, now).at;
}

/** The first moment after `now`. Throws `validation_failed` with the reason when there is none. */
function requireNextSlot(schedule: SharedSchedule & AtOneTime, now: Date): Slot {
  const slot = nextSlot(schedule, now);
  if (slot && slot.at < LATEST) return slot;
  if (slot) throw invalid(schedule.kind === "once" ? "schedule.at" : "schedule.start", "must be before the year 9900");
  if (schedule.kind === "once") {
    const { at, zone, everyMomentAt } = schedule;
    const meant = everyMomentAt ? `${at.slice(0, 10)}T${everyMomentAt}, the time of the daily message,` : at;
    throw invalid("schedule.at", `${meant} in ${zone} is in the past; choose a moment after now`);
  }
  throw invalid("schedule", "the schedule has no moment after now; start later, or move until or count");
}
