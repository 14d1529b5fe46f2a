import { type DueFacts, type Placed, type TimedSequence, placeRepeats, placeSteps } from "./place-steps.ts";
import { formatWall, placeWall } from "./wall-clock.ts";
import { planningZone } from "./zones.ts";

export type { DueFacts } from "./place-steps.ts";

/** One step of a sequence for one due date. */
export interface StepMoment {
  readonly stepId: string;
  /** 0 for the step itself, then 1, 2, … for its repeats. */
  readonly repeat: number;
  /** Names the moment within an assignment's round: the step, or the step and its repeat: `t-7`, `t+3:2`. */
  readonly key: string;
  /** The wall time that is meant, `YYYY-MM-DDTHH:MM`; where the clocks skip it, `at` is later. */
  readonly local: string;
  readonly zone: string;
  /** For a sequence in the recipients' own zones: when the first place on earth comes to it. */
  readonly at: Date;
  /** The day meant was a weekend or holiday. */
  readonly moved?: "earlier" | "later";
  /** Another step has the day or moment that it was moved to, so it is left out. */
  readonly collides?: true;
}

/**
 * All moments of a sequence around one due date (years 1900 to 9899), in the order of time. Endless sequences end after
 * 1,000 repeats, or with the year 9999.
 */
export function* sequenceMoments(sequence: TimedSequence, facts: DueFacts): Generator<StepMoment, undefined> {
  const placed = placeSteps(sequence, facts);
  let next = 0;
  for (const repeat of placeRepeats(sequence, placed)) {
    for (let step = placed.steps[next]; step && step.wall <= repeat.wall; step = placed.steps[(next += 1)])
      yield toMoment(sequence, step);
    yield toMoment(sequence, repeat);
  }
  for (const step of placed.steps.slice(next)) yield toMoment(sequence, step);
}

/** The steps alone, without repeats, in the order of time. */
export function stepMoments(sequence: TimedSequence, facts: DueFacts): StepMoment[] {
  return placeSteps(sequence, facts).steps.map((step) => toMoment(sequence, step));
}

function toMoment({ zone }: TimedSequence, { step, repeat, day, meant, wall, collides }: Placed): StepMoment {
  return {
    stepId: step.id,
    repeat,
    key: repeat === 0 ? step.id : `${step.id}:${repeat}`,
    local: formatWall(wall),
    zone,
    at: new Date(placeWall(planningZone(zone), wall)),
    ...(day !== meant && { moved: day < meant ? ("earlier" as const) : ("later" as const) }),
    ...(collides && { collides }),
  };
}
