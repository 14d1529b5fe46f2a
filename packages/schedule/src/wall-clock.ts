import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { offsetAt, steadyOffset } from "./offsets.ts";
import { correctedOffset } from "./zone-corrections.ts";

/**
 * A wall clock's reading as a number: the milliseconds from 1970 to it if that clock were in UTC.
 * Such numbers can be compared and added to without any zone.
 */
export type WallMs = number;

export const DAY_MS = 86_400_000;

/** No clock was ever further from UTC. */
const MOST_AHEAD_MS = 16 * 3_600_000;

/** A local date and time without zone or offset, to the minute or the second: `2027-03-29T09:00`. Years 1900 to 9999. */
export const localDateTimeSchema = z
  .string()
  .refine(isLocalDateTime, {
    error: "Write an existing local date and time without offset, for example 2027-03-29T09:00",
  })
  .meta({ examples: ["2030-01-31T09:00"] });

function isLocalDateTime(text: string): boolean {
  if (!/^(19|[2-9]\d)\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return false;
  const ms = parseWall(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** Reads a local date (its midnight) or a local date-time. NaN when it is neither. */
export function parseWall(text: string): WallMs {
  return Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text}Z`);
}

/** The reading as `YYYY-MM-DDTHH:MM`, with `:SS` when the seconds are not zero. */
export function formatWall(wallMs: WallMs): string {
  const iso = new Date(wallMs).toISOString();
  return iso.slice(17, 19) === "00" ? iso.slice(0, 16) : iso.slice(0, 19);
}

/** The day of the reading, `YYYY-MM-DD`. */
export function dayOfWall(wallMs: WallMs): string {
  return new Date(wallMs).toISOString().slice(0, 10);
}

/** What the clocks in `zone` show at the instant `atMs`. */
export function wallAt(zone: string, atMs: number): WallMs {
  return atMs + offsetAt(zone, atMs);
}

/**
 * The instant at which the clocks in `zone` show `wallMs`. Where they skip it, the first instant after the gap;
 * where they show it twice, the first time, or the second for `fold: "later"`.
 */
export function placeWall(zone: string, wallMs: WallMs, fold: "compatible" | "later" = "compatible"): number {
  const steady = steadyOffset(zone, wallMs - MOST_AHEAD_MS, wallMs + MOST_AHEAD_MS);
  if (steady !== undefined) return wallMs - steady;
  const placedMs = placeByRuntime(zone, wallMs, fold);
  const offsetMs = correctedOffset(zone, placedMs);
  return offsetMs === undefined ? placedMs : wallMs - offsetMs;
}

function placeByRuntime(zone: string, wallMs: WallMs, fold: "compatible" | "later"): number {
  const reading = zoned("UTC", wallMs).toPlainDateTime();
  const placed = reading.toZonedDateTime(zone, { disambiguation: fold });
  if (placed.toPlainDateTime().equals(reading)) return placed.epochMilliseconds;

  // Temporal moves a skipped time on by the whole gap. A millisecond more, as the search for "previous" leaves out its own start.
  const gapEnd = placed.add({ milliseconds: 1 }).getTimeZoneTransition("previous");
  return gapEnd?.epochMilliseconds ?? placed.epochMilliseconds;
}

function zoned(zone: string, epochMs: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(zone);
}
