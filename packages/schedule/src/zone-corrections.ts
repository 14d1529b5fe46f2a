/**
 * Zones whose clocks a law has changed since the runtime's zone data was made: from an instant on they keep one offset.
 * An entry has no effect once the runtime's own data is at least of `version`, and can be removed then.
 */
interface ZoneCorrection {
  readonly zones: readonly string[];
  readonly fromMs: number;
  readonly offsetMs: number;
  /** The version of the tz database that knows of it. */
  readonly version: string;
}

const HOUR_MS = 3_600_000;

const corrections: readonly ZoneCorrection[] = [
  {
    // Manitoba, and the part of Ontario that keeps its time, stay on what was summer time.
    zones: ["America/Winnipeg", "America/Rainy_River", "Canada/Central"],
    fromMs: Date.UTC(2026, 10, 1, 7),
    offsetMs: -5 * HOUR_MS,
    version: "2026f",
  },
  {
    // So does the north-west of the Northwest Territories.
    zones: ["America/Inuvik"],
    fromMs: Date.UTC(2026, 10, 1, 8),
    offsetMs: -6 * HOUR_MS,
    version: "2026f",
  },
];

const wanted = corrections.filter(({ version }) => (process.versions.tz ?? "") < version);
const byZone = new Map(wanted.flatMap((correction) => correction.zones.map((zone) => [zone, correction])));

/** What must be known of a zone beside the runtime's data; nothing for nearly all. */
export function correctionOf(zone: string): Pick<ZoneCorrection, "fromMs" | "offsetMs"> | undefined {
  return byZone.get(zone);
}
