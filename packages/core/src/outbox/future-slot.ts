import { DAY_MS, after } from "@reminder-app/platform/clock";
import { type SharedSchedule } from "@reminder-app/schedule/schedule";
import { sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import { slotsBetween } from "@reminder-app/schedule/slots";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Business } from "../businesses/businesses.repo.ts";
import { stepSlotKey } from "../occurrences/plan-assignment.ts";
import { slotKeyOf } from "../occurrences/plan-reminder.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";

export interface SlotQuestion {
  readonly business: Business;
  readonly reminder: Reminder;
  readonly assignment: Assignment;
  readonly slotKey: string;
  readonly now: Date;
}

/** When a moment that the planner has still to come to is due. Undefined: there is no such moment, or it is past. */
export function futureSlot({ business, reminder, assignment, slotKey, now }: SlotQuestion): Date | undefined {
  const schedule = effectiveSchedule(reminder, business);
  if (schedule.kind !== "sequence") return sharedSlot({ ...reminder, schedule }, slotKey);
  if (assignment.state !== "open" || assignment.dueOn === null) return undefined;
  const from = assignment.plannedThrough ?? now;
  for (const moment of sequenceMoments(schedule, { ...assignment, dueOn: assignment.dueOn }))
    if (stepSlotKey(assignment, moment) === slotKey)
      return moment.collides || moment.at <= from ? undefined : moment.at;
  return undefined;
}

function sharedSlot(reminder: Reminder & { schedule: SharedSchedule }, slotKey: string): Date | undefined {
  const { schedule, nextDueAt } = reminder;
  if (nextDueAt === null) return undefined;
  const day = Date.parse(
    schedule.kind === "once" ? `${schedule.at.slice(0, 10)}T00:00:00Z` : `${slotKey.slice(2)}T00:00:00Z`,
  );
  if (Number.isNaN(day)) return undefined;
  const from = new Date(Math.max(day - 2 * DAY_MS, nextDueAt.getTime() - 1));
  const near = slotsBetween(schedule, from, after(new Date(day), 3 * DAY_MS), 8);
  return near.find((slot) => slotKeyOf(reminder, slot) === slotKey)?.at;
}
