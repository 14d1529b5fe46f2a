import { after } from "@reminder-app/platform/clock";
import { type StepMoment, sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { civilDateIn } from "@reminder-app/schedule/civil-date";
import { RECIPIENT, ZONES_SPAN_MS, planningZone } from "@reminder-app/schedule/zones";
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

/**
 * What a sequence means for one assignment from where it was planned to, up to `through`. Pure: the outbox asks it too.
 * It is exhausted when at `now` (`through` when left out) the grace of its last moment is over.
 */
export function planAssignment(
  sequence: Sequence,
  { dueOn, overrides, plannedThrough, state }: PlannedAssignment,
  {
    through,
    graceMs,
    now = through,
    momentsOf = sequenceMoments,
  }: { through: Date; graceMs: number; now?: Date; momentsOf?: MomentsOf },
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
  if (!last) return nothing;
  const endsAt = after(last.at, graceMs + (sequence.zone === RECIPIENT ? ZONES_SPAN_MS : 0));
  if (endsAt <= now) return { moments, nextAt: null, exhausted: true };
  return { moments, nextAt: endsAt > through ? endsAt : after(through, 1), exhausted: false };
}

/**
 * The step that makes up for those that are past at `now`, where the sequence wants one: the latest of them, unless
 * another follows on the same day. Whether it was sent already only the ledger knows.
 */
export function lateStep(
  sequence: Sequence,
  { dueOn, overrides }: Pick<Assignment, "dueOn" | "overrides">,
  { now, momentsOf = sequenceMoments }: { now: Date; momentsOf?: MomentsOf },
): StepMoment | undefined {
  if (sequence.late !== "collapse" || dueOn === null) return undefined;
  let past: StepMoment | undefined;
  for (const moment of momentsOf(sequence, { dueOn, overrides })) {
    if (moment.collides) continue;
    if (moment.at > now) return isSameDay(sequence, moment.at, now) ? undefined : past;
    past = moment;
  }
  return past;
}

function isSameDay({ zone }: Sequence, one: Date, other: Date): boolean {
  return civilDateIn(planningZone(zone), one) === civilDateIn(planningZone(zone), other);
}

/** The first step after `now` that is not planned yet, nor among those that were sent. */
export function nextStep(
  sequence: Sequence,
  assignment: Pick<Assignment, "id" | "round" | "dueOn" | "overrides" | "plannedThrough">,
  { now, sent }: { now: Date; sent: ReadonlySet<string> },
): StepMoment | undefined {
  const { dueOn, overrides, plannedThrough } = assignment;
  if (dueOn === null) return undefined;
  const from = plannedThrough && plannedThrough > now ? plannedThrough : now;
  for (const moment of sequenceMoments(sequence, { dueOn, overrides }))
    if (moment.at > from && !moment.collides && !sent.has(stepSlotKey(assignment, moment))) return moment;
  return undefined;
}

/** The name of a step's moment among all moments of its reminder. Only a new round makes it new. */
export function stepSlotKey({ id, round }: Pick<Assignment, "id" | "round">, { key }: Pick<StepMoment, "key">): string {
  return `A:${id}:${round}:${key}`;
}

/** The key of a sequence's moment within its round, whichever that is; null for any other moment. */
export function momentOfSlot(slotKey: string): string | null {
  const [kind, _assignment, _round, ...key] = slotKey.split(":");
  return kind === "A" ? key.join(":") : null;
}

/** The step that a moment of a sequence is of; null for any other moment. */
export function stepOfSlot(slotKey: string): string | null {
  return momentOfSlot(slotKey)?.split(":")[0] ?? null;
}
