import type { Sequence as PlainSequence, Step } from "./sequence.ts";
import type { AtOneTime } from "./time-of-day.ts";
import { dayOfWall, DAY_MS, formatWall, parseWall, placeWall, type WallMs } from "./wall-clock.ts";
import { addWorkingDays, isClosed, nearestWorkingDay } from "./working-days.ts";
import { planningZone } from "./zones.ts";

type Sequence = PlainSequence & AtOneTime;

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
  /** It was moved to a day that another step has already, so it is left out. */
  readonly collides?: true;
}

/** What of an assignment decides when its steps are due. */
export interface DueFacts {
  readonly dueOn: string;
  readonly overrides?: Readonly<Record<string, StepChange>> | null | undefined;
}

/** Where one assignment differs from its sequence. */
interface StepChange {
  readonly skip?: true | undefined;
  readonly days?: number | undefined;
  readonly time?: string | undefined;
}

/** After so many repeats a sequence ends even if it says "until done". */
const MOST_REPEATS = 1_000;

/** All moments of a sequence around one due date, in the order of time. Endless sequences end after 1,000 repeats. */
export function* sequenceMoments(sequence: Sequence, facts: DueFacts): Generator<StepMoment, undefined> {
  const placed = markCollisions(placeSteps(sequence, facts));
  for (const step of placed) yield toMoment(sequence, step);
  const last = placed.at(-1);
  if (last) yield* repeats(sequence, last);
}

interface Placed {
  readonly step: Step;
  readonly repeat: number;
  /** The day before it was moved. */
  readonly meant: WallMs;
  readonly day: WallMs;
  readonly dueOn: WallMs;
  readonly collides?: true;
}

function placeSteps(sequence: Sequence, { dueOn, overrides }: DueFacts): Placed[] {
  const due = parseWall(dueOn);
  return sequence.steps
    .filter(({ id }) => !overrides?.[id]?.skip)
    .map((step) => ({ ...step, ...daysAndTime(overrides?.[step.id]) }))
    .map((step) => ({ ...step, time: sequence.everyMomentAt ?? step.time }))
    .map((step) => place(sequence, { step, repeat: 0, meant: shift(due, step, sequence.calendar), dueOn: due }))
    .toSorted((a, b) => wallOf(a) - wallOf(b));
}

function daysAndTime(change: StepChange | undefined): Partial<Step> {
  return {
    ...(change?.days !== undefined && { days: change.days, count: "days" as const }),
    ...(change?.time !== undefined && { time: change.time }),
  };
}

function shift(day: WallMs, { days, count }: Pick<Step, "days" | "count">, calendar: string | undefined): WallMs {
  return count === "working_days" ? addWorkingDays(day, days, calendar) : day + days * DAY_MS;
}

/** A step up to the due date is never moved past it: it goes earlier then. */
function place({ calendar }: Sequence, unplaced: Omit<Placed, "day">): Placed {
  const { step, meant, dueOn } = unplaced;
  if (step.ifClosed === "send" || !isClosed(meant, calendar)) return { ...unplaced, day: meant };
  const later = nearestWorkingDay(meant, 1, calendar);
  const mayBeLater = step.ifClosed === "later" && (meant > dueOn || later <= dueOn);
  return { ...unplaced, day: mayBeLater ? later : nearestWorkingDay(meant, -1, calendar) };
}

/** Of steps that moves bring to one day, those that were meant for it stay, else the last. */
function markCollisions(placed: readonly Placed[]): Placed[] {
  const byDay = Map.groupBy(placed, ({ day }) => day);
  return placed.map((step) => {
    const others = byDay.get(step.day) ?? [];
    const stays = isMeant(step) || (others.at(-1) === step && !others.some(isMeant));
    return stays ? step : { ...step, collides: true };
  });
}

function isMeant({ day, meant }: Placed): boolean {
  return day === meant;
}

function* repeats(sequence: Sequence, last: Placed): Generator<StepMoment, undefined> {
  if (!sequence.repeat) return;
  const { everyDays, count, atMost = MOST_REPEATS } = sequence.repeat;
  let before = last.day;
  for (let repeat = 1; repeat <= atMost; repeat += 1) {
    const meant = shift(last.meant, { days: everyDays * repeat, count }, sequence.calendar);
    const placed = place(sequence, { ...last, repeat, meant });
    yield toMoment(sequence, placed.day > before ? placed : { ...placed, collides: true });
    before = Math.max(before, placed.day);
  }
}

function wallOf({ day, step }: Placed): WallMs {
  return parseWall(`${dayOfWall(day)}T${step.time}`);
}

function toMoment({ zone }: Sequence, placed: Placed): StepMoment {
  const { step, repeat, day, meant, collides } = placed;
  const wall = wallOf(placed);
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
