import { Temporal } from "temporal-polyfill";
import { correctedOffset } from "./zone-corrections.ts";

const DAY_MS = 86_400_000;
/** Days of zones that are remembered, some megabytes; asking the runtime costs a hundred times as much. */
const MOST_REMEMBERED = 100_000;

/** Offsets at midnights in UTC, by zone and the number of the day. */
const atMidnights = new Map<string, Map<number, number>>();
let remembered = 0;

/** What the clocks in `zone` are ahead of UTC at the instant `atMs`, in milliseconds. */
export function offsetAt(zone: string, atMs: number): number {
  return steadyOffset(zone, atMs, atMs) ?? askOffset(zone, atMs);
}

/**
 * The offset that holds in `zone` all the time from one instant to another. Undefined: the clocks change between the
 * midnight before the one and the midnight after the other. No clock was ever changed twice in a day.
 */
export function steadyOffset(zone: string, fromMs: number, toMs: number): number | undefined {
  const last = Math.floor(toMs / DAY_MS) + 1;
  let day = Math.floor(fromMs / DAY_MS);
  const offset = offsetAtMidnight(zone, day);
  while (day < last) if (offsetAtMidnight(zone, (day += 1)) !== offset) return undefined;
  return offset;
}

function offsetAtMidnight(zone: string, day: number): number {
  const known = atMidnights.get(zone)?.get(day);
  if (known !== undefined) return known;
  if (remembered >= MOST_REMEMBERED) {
    atMidnights.clear();
    remembered = 0;
  }
  const days = atMidnights.get(zone) ?? new Map<number, number>();
  const asked = askOffset(zone, day * DAY_MS);
  atMidnights.set(zone, days.set(day, asked));
  remembered += 1;
  return asked;
}

function askOffset(zone: string, atMs: number): number {
  const corrected = correctedOffset(zone, atMs);
  if (corrected !== undefined) return corrected;
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
}
