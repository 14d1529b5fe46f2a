import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import { clampToLastDay, mayMissDay } from "./missing-day.ts";
import type { Recurrence } from "./recurrence.ts";
import { readRuleParts, writeRuleParts, type RuleParts } from "./rule-parts.ts";
import { dayOfWall, DAY_MS, parseWall, placeWall, type WallMs } from "./wall-clock.ts";
import { planningZone } from "./zones.ts";

/** Where every expansion ends: no rule gives a moment after the year 2199. */
const HORIZON = parseWall("2200-01-01") - 1000;

/** More than the days from 1900 to the horizon, so that the library never gives up on a rule that was accepted. */
const MAX_STEPS = 150_000;

/** A recurring schedule made ready for questions. */
interface Plan {
  readonly zone: string;
  /** Without COUNT, as with it every question would be answered from the start on. */
  readonly rule: RRuleTemporal;
  /** The last moment that COUNT allows. */
  readonly lastWall: WallMs;
  readonly untilMs: number;
  readonly included: readonly WallMs[];
  /** Days on which the rule's own moment does not count: excluded, or replaced by an included time. */
  readonly blockedDays: ReadonlySet<string>;
}

const plans = new WeakMap<Recurrence, Plan>();
const lastWalls = new Map<string, WallMs>();
const MAX_REMEMBERED = 2000;

/** The first wall-clock time of the schedule strictly after `after`, if there is one. */
export function nextWall(schedule: Recurrence, after: WallMs): WallMs | undefined {
  const plan = planOf(schedule);
  const fromRule = nextOfRule(plan, after);
  const fromList = plan.included.find((wall) => wall > after);
  if (fromRule === undefined || fromList === undefined) return fromRule ?? fromList;
  return Math.min(fromRule, fromList);
}

/** The first wall-clock time of the rule alone, whatever is excluded, included or the end, within so many days of its start. */
export function firstOfRule(schedule: Recurrence, withinDays: number): WallMs | undefined {
  const start = parseWall(schedule.start);
  const end = Math.min(start + withinDays * DAY_MS, HORIZON);
  const { COUNT: _count, ...parts } = partsOf(schedule);
  return start > end ? undefined : nextMatch(openRule(schedule, parts, end), start - 1);
}

/** The last instant, in epoch milliseconds, at which the rule may give a moment; Infinity for a rule without UNTIL. */
export function untilOf(schedule: Recurrence, parts: RuleParts): number {
  if (schedule.until !== undefined) return endOf(schedule.until, planningZone(schedule.zone));
  if (parts.UNTIL === undefined) return Number.POSITIVE_INFINITY;
  const text = parts.UNTIL.replace(/^(\d{4})(\d\d)(\d\d)/, "$1-$2-$3").replace(/T(\d\d)(\d\d)(\d\d)/, "T$1:$2:$3");
  return text.endsWith("Z") ? Date.parse(text) : endOf(text, planningZone(schedule.zone));
}

function nextOfRule(plan: Plan, after: WallMs): WallMs | undefined {
  let wall = nextMatch(plan.rule, after);
  while (wall !== undefined && plan.blockedDays.has(dayOfWall(wall))) wall = nextMatch(plan.rule, wall);
  if (wall === undefined || wall > plan.lastWall) return undefined;
  return placeWall(plan.zone, wall) <= plan.untilMs ? wall : undefined;
}

function nextMatch(rule: RRuleTemporal, after: WallMs): WallMs | undefined {
  if (after >= HORIZON) return undefined;
  return rule.next(new Date(after))?.epochMilliseconds;
}

function planOf(schedule: Recurrence): Plan {
  const known = plans.get(schedule);
  if (known) return known;

  const parts = partsOf(schedule);
  const included = (schedule.include ?? []).map((text) =>
    parseWall(text.length === 10 ? text + schedule.start.slice(10) : text),
  );
  const { COUNT: count = schedule.count, ...uncounted } = parts;
  const plan: Plan = {
    zone: planningZone(schedule.zone),
    rule: openRule(schedule, uncounted, HORIZON),
    lastWall: count === undefined ? HORIZON : findLast(schedule, uncounted, count),
    untilMs: untilOf(schedule, parts),
    included: included.toSorted((a, b) => a - b),
    blockedDays: new Set([...(schedule.exclude ?? []), ...included.map(dayOfWall)]),
  };
  plans.set(schedule, plan);
  return plan;
}

/** The moment at which a rule has given `count`. Remembered by its text too, as the same schedule is read from JSON again and again. */
function findLast(schedule: Recurrence, parts: RuleParts, count: number): WallMs {
  const asked = JSON.stringify([schedule.start, schedule.onMissingDay, parts, count]);
  const known = lastWalls.get(asked);
  if (known !== undefined) return known;

  if (lastWalls.size >= MAX_REMEMBERED) lastWalls.clear();
  const rule = openRule(schedule, { ...parts, COUNT: count }, HORIZON);
  const last = rule.previous(new Date(HORIZON), true)?.epochMilliseconds ?? HORIZON;
  lastWalls.set(asked, last);
  return last;
}

/** The rule on a wall clock without summer time, ending at `end` only: its own UNTIL is an instant, and is compared with instants. */
function openRule(schedule: Recurrence, parts: RuleParts, end: WallMs): RRuleTemporal {
  const { UNTIL: _until, RSCALE: _scale, SKIP: skip = schedule.onMissingDay, ...rest } = parts;
  const start = startDayOf(schedule);
  const isClamped = skip !== "OMIT" && skip !== "skip" && mayMissDay(rest, start);
  const rule = isClamped ? clampToLastDay(rest, start) : rest;
  return new RRuleTemporal({
    rruleString: `RRULE:${writeRuleParts(rule)}`,
    dtstart: zonedWall(parseWall(schedule.start)),
    until: zonedWall(end),
    maxIterations: MAX_STEPS,
    temporal: Temporal,
  });
}

/** The month and day of a schedule's start. */
export function startDayOf(schedule: Recurrence): { month: number; day: number } {
  return { month: Number(schedule.start.slice(5, 7)), day: Number(schedule.start.slice(8, 10)) };
}

function partsOf(schedule: Recurrence): RuleParts {
  const read = readRuleParts(schedule.rule);
  if ("faults" in read) throw new TypeError(`A schedule was used that its schema refuses: ${read.faults.join("; ")}`);
  return read.rule;
}

function endOf(text: string, zone: string): number {
  const isWholeDay = text.length === 10;
  return placeWall(zone, isWholeDay ? parseWall(text) + DAY_MS - 1 : parseWall(text));
}

function zonedWall(wall: WallMs): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC");
}
