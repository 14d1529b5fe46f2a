import type { Ctx } from "../ctx.ts";
import { findLate } from "../occurrences/catch-up.ts";
import { nextStep } from "../occurrences/plan-assignment.ts";
import { sentSlots } from "../occurrences/sent-slots.ts";
import { type Visit, startVisit } from "../occurrences/visit.ts";
import { type InForce, inForce } from "../reminders/plan-in-force.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { Assignment } from "./assignments.repo.ts";

/** What comes due next for an assignment, as things stand. */
export interface NextMessage {
  readonly at: Date;
  /** Of a sequence. */
  readonly stepId: string | null;
  /** The step was past already, and goes out at once. */
  readonly late: boolean;
}

/** An assignment, and what comes of it. */
export interface AssignmentWithNext extends Assignment {
  /** Null when nothing will go. */
  readonly next: NextMessage | null;
}

/** Tell with assignments what comes due next. `isNew`: nothing was sent for them yet. */
export async function withNext(
  tx: Ctx,
  reminder: Reminder,
  { assignments, isNew }: { assignments: readonly Assignment[]; isNew: boolean },
): Promise<AssignmentWithNext[]> {
  const groups = await inForce(tx, reminder, assignments);
  const told: AssignmentWithNext[] = [];
  for (const group of groups) told.push(...(await withNextAlike(tx, group, isNew)));
  const byId = new Map(told.map((one) => [one.id, one]));
  return assignments.map((assignment) => byId.get(assignment.id) ?? { ...assignment, next: null });
}

async function withNextAlike(
  tx: Ctx,
  { reminder, assignments }: InForce<Assignment>,
  isNew: boolean,
): Promise<AssignmentWithNext[]> {
  if (reminder.status !== "active" && reminder.status !== "paused")
    return assignments.map((assignment) => ({ ...assignment, next: null }));
  const { schedule, nextDueAt } = reminder;
  if (schedule.kind !== "sequence") {
    const next = nextDueAt && { at: nextDueAt, stepId: null, late: false };
    return assignments.map((assignment) => ({ ...assignment, next: assignment.state === "open" ? next : null }));
  }
  const visit = await startVisit(tx, { reminder, schedule }, assignments);
  const late = new Map((await findLate(tx, visit, assignments)).map((one) => [one.assignment.id, one]));
  const sent = isNew ? new Set<string>() : await sentSlots(tx, assignments);
  return assignments.map((assignment) => {
    const step = late.get(assignment.id)?.moment;
    if (step) return { ...assignment, next: { at: tx.now(), stepId: step.stepId, late: true } };
    return { ...assignment, next: upcoming(visit, { assignment, sent }, tx.now()) };
  });
}

function upcoming(
  { sequence }: Visit,
  { assignment, sent }: { assignment: Assignment; sent: ReadonlySet<string> },
  now: Date,
): NextMessage | null {
  if (assignment.state !== "open") return null;
  const moment = nextStep(sequence, assignment, { now, sent });
  return moment ? { at: moment.at, stepId: moment.stepId, late: false } : null;
}
