import { type Schedule, sharedScheduleSchema } from "@reminder-app/schedule/schedule";
import { nextSlot } from "@reminder-app/schedule/slots";
import { planningZone, wallTimeIn } from "@reminder-app/schedule/zones";
import { z } from "zod";

/** A timer rings this long before the moment, so that planning is done when the moment comes. */
export const LEAD_MS = 30_000;

const patternSchema = z.union([z.strictObject({ at: z.iso.datetime() }), sharedScheduleSchema]);
type Pattern = z.output<typeof patternSchema>;

/**
 * The pattern of a timer: the schedule where it recurs, else the one moment. Where the next moment is not at the
 * schedule's own time of day, as for the daily message of a business, it is the one moment too: each ring sets the next.
 */
export function patternOf(schedule: Schedule, nextDueAt: Date): string {
  const isItsOwn = schedule.kind === "recurring" && timeIn(schedule.zone, nextDueAt) === schedule.start.slice(11, 16);
  const pattern = isItsOwn ? schedule : { at: nextDueAt.toISOString() };
  const text = JSON.stringify(pattern);
  // BullMQ asks for its first ring at once; what was checked already is not parsed again.
  keep(text, pattern);
  return text;
}

/**
 * When a timer rings next, in epoch milliseconds; for BullMQ's `repeatStrategy`. At the first call (no count yet) a
 * moment whose lead has begun rings at once; afterwards it is the moment after the one that `millis` belongs to.
 * Never throws, for then the processor would not run; a pattern that it does not understand never rings.
 */
export function nextRing(
  millis: number,
  options: { readonly pattern?: string; readonly count?: number },
): number | undefined {
  const pattern = parsePattern(options.pattern);
  if (!pattern) return undefined;
  if (options.count === undefined) {
    const slot = slotAfter(pattern, millis);
    return slot === undefined ? undefined : Math.max(millis, slot - LEAD_MS);
  }
  const slot = slotAfter(pattern, millis + LEAD_MS);
  return slot === undefined ? undefined : Math.max(millis + 1, slot - LEAD_MS);
}

function timeIn(zone: string, at: Date): string {
  return wallTimeIn(planningZone(zone), at).slice(11, 16);
}

function slotAfter(pattern: Pattern, millis: number): number | undefined {
  if (!("at" in pattern) || "kind" in pattern) return nextSlot(pattern, new Date(millis))?.at.getTime();
  const at = Date.parse(pattern.at);
  return at > millis ? at : undefined;
}

const parsed = new Map<string, Pattern | undefined>();
const KEPT = 2_000;

function parsePattern(text: string | undefined): Pattern | undefined {
  if (text === undefined) return undefined;
  if (!parsed.has(text)) keep(text, tryParse(text));
  return parsed.get(text);
}

function keep(text: string, pattern: Pattern | undefined): void {
  if (parsed.size >= KEPT) parsed.clear();
  parsed.set(text, pattern);
}

function tryParse(text: string): Pattern | undefined {
  try {
    return patternSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
