import { sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { plannedRowsRepo } from "../deliveries/planned-rows.repo.ts";
import { occurrenceRepo } from "../occurrences/occurrences.repo.ts";
import { nextStep, stepSlotKey } from "../occurrences/plan-assignment.ts";
import { sentSlots } from "../occurrences/sent-slots.ts";
import { unplan } from "../occurrences/unplan-future.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { Assignment } from "./assignments.repo.ts";
import { type PlannerMark, startAt } from "./start-assignment.ts";

/** What becomes of an assignment whose steps have other dates. */
type Redated = PlannerMark & Partial<Pick<Assignment, "state" | "closedAt">>;

/**
 * Give the steps of an assignment their new dates: what was planned and has not left is taken back, what was sent is
 * not sent again. One that was exhausted is open again when steps are to come. Call it with the rows of the reminder
 * and the assignment locked, and write what it answers.
 */
export async function redateAssignment(tx: Ctx, reminder: Reminder, changed: Assignment): Promise<Redated> {
  const { schedule } = reminder;
  if (schedule.kind !== "sequence" || changed.dueOn === null) return markOf(changed);
  const now = tx.now();
  const sequence = effectiveSchedule({ ...reminder, schedule }, await businessRepo(tx).scheduleDefaults());
  await unplanSteps(tx, sequence, { ...changed, dueOn: changed.dueOn });
  if (changed.state === "exhausted") {
    const next = nextStep(sequence, { ...changed, plannedThrough: now }, { now, sent: await sentSlots(tx, [changed]) });
    if (!next) return markOf(changed);
  }
  // What the planner should have planned by now, and has not, is not left out because of a change.
  if (changed.state === "open" && changed.nextAt && changed.nextAt <= now) return { ...markOf(changed), nextAt: now };
  const open = { ...changed, state: "open" as const };
  return { ...startAt(reminder, { sequence, now }, open), state: open.state, closedAt: null };
}

function markOf({ nextAt, plannedThrough }: Assignment): PlannerMark {
  return { nextAt, plannedThrough };
}

/** Take back what is planned ahead, and what waits though by its new date it is still to come. */
async function unplanSteps(tx: Ctx, sequence: Sequence, changed: Assignment & { dueOn: string }): Promise<void> {
  const now = tx.now();
  const past = new Set<string>();
  for (const moment of sequenceMoments(sequence, changed)) {
    if (moment.at > now) break;
    past.add(stepSlotKey(changed, moment));
  }
  const planned = await occurrenceRepo(tx).ofAssignments([changed.id]);
  const ahead = planned.filter(({ dueAt }) => dueAt > now);
  const waiting = planned.filter(({ dueAt, slotKey }) => dueAt <= now && !past.has(slotKey));
  const queued = await plannedRowsRepo(tx).queuedOf(waiting.map(({ id }) => id));
  await unplan(tx, [...ahead.map(({ id }) => id), ...queued]);
}
