import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { formatWall, parseWall, placeWall, wallAt } from "./wall-clock.ts";

const accepted = new Set<string>();

/** Whether `name` is a zone or link of the IANA database, spelled as there. Offsets like `+02:00` are not zones: they know no summer time. */
export function isZone(name: string): boolean {
  if (accepted.has(name)) return true;
  if (spelledByIana(name) !== name) return false;
  accepted.add(name);
  return true;
}

/** An IANA time zone, for example `Europe/London`. The fault of an unknown one names the zone that was probably meant. */
export const zoneSchema = z
  .string()
  .superRefine((name, issues) => {
    if (isZone(name)) return;
    const meant = suggestZone(name);
    const hint = meant ? `did you mean ${meant}?` : "write one such as Europe/London";
    issues.addIssue({
      code: "custom",
      message: `${JSON.stringify(name.slice(0, 60))} is not an IANA time zone; ${hint}`,
    });
  })
  .meta({ examples: ["Europe/London"] });

/** A schedule's zone when each recipient's own is meant. */
export const RECIPIENT = "recipient";

/** Where each day begins first (UTC+14): a wall time comes there before it comes anywhere else. */
const FIRST_ZONE = "Pacific/Kiritimati";

/** How long after {@link FIRST_ZONE} a wall time comes in the last zone (UTC-12). */
export const ZONES_SPAN_MS = 26 * 3_600_000;

/** The zone of a schedule: an IANA zone, or `recipient` for each recipient's own. */
export const scheduleZoneSchema = z.union([z.literal(RECIPIENT), zoneSchema]).meta({ examples: ["Europe/London"] });

/** Where a schedule's moments are planned: its zone, or for the recipients' own the first on earth. */
export function planningZone(zone: string): string {
  return zone === RECIPIENT ? FIRST_ZONE : zone;
}

/** The version of the tz database that all answers rest on, for example `2026c`. */
export function tzdataVersion(): string {
  return process.versions.tz ?? "unknown";
}

/** What the clocks in `zone` show at `at`: `YYYY-MM-DDTHH:MM`, with `:SS` when the seconds are not zero. */
export function wallTimeIn(zone: string, at: Date): string {
  return formatWall(wallAt(zone, at.getTime()));
}

/**
 * The instant at which the clocks in `zone` show `localDateTime` (`YYYY-MM-DDTHH:MM[:SS]`), with the offset of that date.
 * A time they skip goes to the first instant after the gap; one they show twice is the first.
 */
export function instantOf(localDateTime: string, zone: string): Date {
  return new Date(placeWall(zone, parseWall(localDateTime)));
}

function spelledByIana(name: string): string | undefined {
  if (!/^[A-Za-z][\w+-]*(\/[A-Za-z][\w+-]*)*$/.test(name) || name.length > 60) return undefined;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return undefined;
  }
}

/** The zone of the same letters, the one whose city was given, or the one that is at most two typing faults away. */
function suggestZone(name: string): string | undefined {
  const spelled = spelledByIana(name);
  if (spelled) return spelled;

  const zones = Intl.supportedValuesOf("timeZone");
  const wanted = name.slice(0, 60).trim().toLowerCase().replaceAll(" ", "_");
  const city = zones.find((zone) => zone.toLowerCase().split("/").at(-1) === wanted);
  return city ?? zones.find((zone) => typingFaults(zone.toLowerCase(), wanted) <= 2);
}

/** How many letters must be added, left out or changed to turn one word into the other (Levenshtein). */
function typingFaults(one: string, other: string): number {
  const letters = Array.from(other);
  let row = Array.from({ length: letters.length + 1 }, (_, column) => column);
  for (const letter of one) {
    let left = (row[0] ?? 0) + 1;
    const next = [left];
    for (const [column, wanted] of letters.entries()) {
      const changed = (row[column] ?? 0) + (letter === wanted ? 0 : 1);
      left = Math.min(left + 1, (row[column + 1] ?? 0) + 1, changed);
      next.push(left);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
