import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Business } from "../businesses/businesses.repo.ts";
import { type FiledOccurrence, fileMoments } from "../occurrences/file-moments.ts";
import { planAssignment } from "../occurrences/plan-assignment.ts";
import { slotsDue } from "../occurrences/plan-reminder.ts";
import { occurrencesOf } from "../occurrences/plan-sequence.ts";
import { rememberMoments } from "../occurrences/remember-moments.ts";
import { effectiveSchedule } from "../reminders/effective-schedule.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";

/** A moment that the planner has still to come to, for one assignment. */
export interface FutureMoment {
  readonly reminder: Reminder;
  readonly assignment: Assignment;
  readonly occurrence: FiledOccurrence;
  /** The assignment is itself still to be opened, by a due rule. */
  readonly unopened?: boolean;
}

export interface Span {
  readonly business: Business;
  readonly now: Date;
  readonly to: Date;
}

/** No span that is asked about has more moments of one shared schedule. */
const MOST_SLOTS = 10_000;

/** What the planner will make of a reminder's open assignments up to `to`, by the planner's own rules. Pure. */
export function futureMoments(
  { business, now, to }: Span,
  reminder: Reminder,
  assignments: readonly Assignment[],
): FutureMoment[] {
  const schedule = effectiveSchedule(reminder, business);
  if (schedule.kind !== "sequence") {
    const slots = slotsDue({ ...reminder, schedule }, to, MOST_SLOTS);
    return fileMoments(reminder, slots, now).flatMap((occurrence) =>
      assignments.map((assignment) => ({ reminder, assignment, occurrence })),
    );
  }
  const momentsOf = rememberMoments();
  const { graceMs } = reminder;
  return assignments.flatMap((assignment) => {
    const plan = planAssignment(schedule, assignment, { through: to, graceMs, momentsOf });
    return occurrencesOf(reminder, { assignment, plan }, now).map((occurrence) => ({
      reminder,
      assignment,
      occurrence,
    }));
  });
}
