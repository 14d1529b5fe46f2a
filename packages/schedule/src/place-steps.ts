import type { Sequence, Step } from "./sequence.ts";
import { type AtOneTime, timeOfDayMs } from "./time-of-day.ts";
import { DAY_MS, parseWall, type WallMs } from "./wall-clock.ts";
import { addWorkingDays, isClosed, nearestWorkingDay } from "./working-days.ts";

export type TimedSequence = Sequence & AtOneTime;

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

/** A step, or one of its repeats, on the wall clock. */
export interface Placed {
  readonly step: Step;
  readonly repeat: number;
  readonly dueOn: WallMs;
  /** The day before it was moved. */
  readonly meant: WallMs;
  readonly day: WallMs;
  readonly wall: WallMs;
  readonly collides?: true;
}

/** After so many repeats a sequence ends even if it says "until done". */
const MOST_REPEATS = 1_000;
const LAST_DAY = parseWall("9999-12-31");

/** The steps around one due date in the order of time, and the step that repeats; none where that one is left out. */
export function placeSteps(
  sequence: TimedSequence,
  { dueOn, overrides }: DueFacts,
): { readonly steps: readonly Placed[]; readonly repeating: Placed | undefined } {
  const due = parseWall(dueOn);
  const all = sequence.steps
    .map((step) => (overrides?.[step.id] ? { ...step, ...daysAndTime(overrides[step.id]) } : step))
    .map((step) => place(sequence, { step, repeat: 0, dueOn: due, meant: shift(due, step, sequence.calendar) }));
  const isKept = ({ step }: Placed) => !overrides?.[step.id]?.skip;
  const last = all.reduce((latest, placed) => (meantAt(placed) >= meantAt(latest) ? placed : latest));
  const steps = markCollisions(all.filter(isKept).toSorted((a, b) => a.wall - b.wall));
  return { steps, repeating: sequence.repeat && isKept(last) ? last : undefined };
}

/** The repeats of a step in the order of time, each on a day that has no message yet. They end with the calendar. */
export function* placeRepeats(
  sequence: TimedSequence,
  { steps, repeating }: ReturnType<typeof placeSteps>,
): Generator<Placed, undefined> {
  if (!sequence.repeat || !repeating) return;
  const { everyDays: days, count, atMost = MOST_REPEATS } = sequence.repeat;
  const taken = new Set(steps.map(({ day }) => day));
  let { meant, day: before } = repeating;
  for (let repeat = 1; repeat <= atMost;) {
    meant = shift(meant, { days, count }, sequence.calendar);
    const placed = place(sequence, { ...repeating, repeat, meant });
    if (placed.day > LAST_DAY) return;
    if (placed.day <= before || taken.has(placed.day)) continue;
    yield placed;
    before = placed.day;
    repeat += 1;
  }
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

function place({ calendar, everyMomentAt }: TimedSequence, unplaced: Omit<Placed, "day" | "wall">): Placed {
  const day = dayFor(unplaced, calendar);
  const { step, repeat, dueOn, meant } = unplaced;
  return { step, repeat, dueOn, meant, day, wall: day + timeOfDayMs(everyMomentAt ?? step.time) };
}

/** No step is moved over the due date: one up to it stays up to it, and one after it stays after it. */
function dayFor({ step, meant, dueOn }: Omit<Placed, "day" | "wall">, calendar: string | undefined): WallMs {
  if (step.ifClosed === "send" || !isClosed(meant, calendar)) return meant;
  const earlier = nearestWorkingDay(meant, -1, calendar);
  const later = nearestWorkingDay(meant, 1, calendar);
  if (meant > dueOn) return step.ifClosed === "earlier" && earlier > dueOn ? earlier : later;
  return step.ifClosed === "later" && later <= dueOn ? later : earlier;
}

/** Of steps that moves bring to one day those that were meant for it stay, else those of the latest day; of steps at one moment the last. */
function markCollisions(placed: readonly Placed[]): readonly Placed[] {
  const byDay = Map.groupBy(placed, ({ day }) => day);
  if (byDay.size === placed.length) return placed;
  return placed.map((step) => {
    const others = byDay.get(step.day) ?? [];
    const kept = others.some(isMeant) ? step.day : Math.max(...others.map(({ meant }) => meant));
    const atOnce = others.filter((other) => other.meant === kept && other.step.time === step.step.time);
    return atOnce.at(-1) === step ? step : { ...step, collides: true };
  });
}

function isMeant({ day, meant }: Placed): boolean {
  return day === meant;
}

function meantAt({ meant, step }: Placed): WallMs {
  return meant + timeOfDayMs(step.time);
}
