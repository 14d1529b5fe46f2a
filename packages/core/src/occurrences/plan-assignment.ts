import { after } from "@reminder-app/platform/clock";
import { type StepMoment, sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { RECIPIENT, ZONES_SPAN_MS } from "@reminder-app/schedule/zones";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { MomentsOf } from "./remember-moments.ts";

/** What the planner reads of an assignment. */
export type PlannedAssignment = Pick<Assignment, "dueOn" | "overrides" | "plannedThrough" | "state">;

export interface AssignmentPlan {
  /** What comes due up to the horizon and is not planned yet, in the order of time. */
  readonly moments: readonly StepMoment[];
  /** When the planner has to look again; never when nothing more can come. */
  readonly nextAt: Date | null;
  /** The last message has had its time, and the work is still not done. */
  readonly exhausted: boolean;
}

const nothing: AssignmentPlan = { moments: [], nextAt: null, exhausted: false };

/** What a sequence means for one assignment from where it was planned to, up to `through`. Pure: the outbox asks it too. */
export function planAssignment(
  sequence: Sequence,
  { dueOn, overrides, plannedThrough, state }: PlannedAssignment,
  { through, graceMs, momentsOf = sequenceMoments }: { through: Date; graceMs: number; momentsOf?: MomentsOf },
): AssignmentPlan {
  if (state !== "open" || dueOn === null) return nothing;
  const moments: StepMoment[] = [];
  let last: StepMoment | undefined;
  for (const moment of momentsOf(sequence, { dueOn, overrides })) {
    last = moment;
    if (plannedThrough && moment.at <= plannedThrough) continue;
    if (moment.at > through) return { moments, nextAt: moment.at, exhausted: false };
    moments.push(moment);
  }
  const endsAt = last ? after(last.at, graceMs + (sequence.zone === RECIPIENT ? ZONES_SPAN_MS : 0)) : through;
  return endsAt > through
    ? { moments, nextAt: endsAt, exhausted: false }
    : { moments, nextAt: null, exhausted: moments.length === 0 };
}

/** The first step that is not planned yet, after `now`. */
export function nextStep(
  sequence: Sequence,
  { dueOn, overrides, plannedThrough }: Pick<Assignment, "dueOn" | "overrides" | "plannedThrough">,
  now: Date,
): StepMoment | undefined {
  if (dueOn === null) return undefined;
  const from = plannedThrough && plannedThrough > now ? plannedThrough : now;
  for (const moment of sequenceMoments(sequence, { dueOn, overrides }))
    if (moment.at > from && !moment.collides) return moment;
  return undefined;
}

/** The name of a step's moment among all moments of its reminder. Only a new round makes it new. */
export function stepSlotKey({ id, round }: Pick<Assignment, "id" | "round">, { key }: Pick<StepMoment, "key">): string {
  return `A:${id}:${round}:${key}`;
}
