import { nextWall } from "./expansion.ts";
import type { SharedSchedule } from "./schedule.ts";
import type { AtOneTime } from "./time-of-day.ts";
import { dayOfWall, formatWall, parseWall, placeWall, wallAt, type WallMs } from "./wall-clock.ts";
import { planningZone, RECIPIENT } from "./zones.ts";

/** One moment that a schedule means. */
export interface Slot {
  /** Names the moment within its schedule, whatever the clocks do: `S:<planned civil date>`, or `O` (the caller adds the round). */
  readonly key: string;
  /**
   * What the clocks in `zone` show at `at`: `YYYY-MM-DDTHH:MM[:SS]`. After a gap it is later than planned.
   * In the zone `recipient` it is the wall time meant, and `at` is when the first place on earth comes to it.
   */
  readonly local: string;
  /** The wall time planned, where the clocks skip it. */
  readonly skipped?: string;
  readonly zone: string;
  readonly at: Date;
}

type Timed = SharedSchedule & AtOneTime;

/** Nothing is scheduled before it, and libraries disagree about calendars long ago. */
const EARLIEST_MS = Date.UTC(1800, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31);

/** The first slot strictly after `after`. Undefined: there is none. */
export function nextSlot(schedule: Timed, after: Date): Slot | undefined {
  return walk(schedule, after).next().value;
}

/** The first `limit` slots strictly after `after`, in the order of time. */
export function slotsAfter(schedule: Timed, after: Date, limit: number): Slot[] {
  return slotsBetween(schedule, after, new Date(LATEST_MS), limit);
}

/** The first `limit` slots strictly after `after` and not after `through`, in the order of time. */
// oxlint-disable-next-line max-params -- the span and its bound read in the order of slotsAfter's
export function slotsBetween(schedule: Timed, after: Date, through: Date, limit: number): Slot[] {
  const slots: Slot[] = [];
  for (const slot of walk(schedule, after)) {
    if (slot.at > through || slots.length >= limit) break;
    slots.push(slot);
  }
  return slots;
}

/** Slots at strictly increasing instants: of two planned times that fall to one instant (a day that a zone skipped), the first stays. */
function* walk(schedule: Timed, after: Date): Generator<Slot, undefined> {
  let lastMs = Math.min(Math.max(after.getTime(), EARLIEST_MS), LATEST_MS);
  // What the clocks show at an instant was placed there or before, so nothing up to that reading is still to come.
  const reading = wallAt(planningZone(schedule.zone), lastMs);
  let wall = nextReading(schedule, schedule.everyMomentAt ? parseWall(dayOfWall(reading)) - 1 : reading);
  while (wall !== undefined) {
    const meant = schedule.everyMomentAt ? parseWall(`${dayOfWall(wall)}T${schedule.everyMomentAt}`) : wall;
    const atMs = placeWall(planningZone(schedule.zone), meant);
    if (atMs > lastMs) {
      lastMs = atMs;
      yield slotAt(schedule, meant, atMs);
    }
    wall = nextReading(schedule, wall);
  }
}

function nextReading(schedule: Timed, after: WallMs): WallMs | undefined {
  if (schedule.kind === "recurring") return nextWall(schedule, after);
  const only = parseWall(schedule.at);
  return only > after ? only : undefined;
}

function slotAt(schedule: Timed, wall: WallMs, atMs: number): Slot {
  const key = schedule.kind === "recurring" ? `S:${dayOfWall(wall)}` : "O";
  const shown = schedule.zone === RECIPIENT ? wall : wallAt(schedule.zone, atMs);
  const skipped = shown === wall ? {} : { skipped: formatWall(wall) };
  return { key, local: formatWall(shown), ...skipped, zone: schedule.zone, at: new Date(atMs) };
}
