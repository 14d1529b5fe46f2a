/**
 * Where a law has changed clocks since the runtime's zone data was made: from one instant until another, a zone keeps one
 * offset. Node brings its data in its own binary, months after the tz database has it, and a firm cannot wait so long: its
 * reminders would come an hour late all winter.
 *
 * A span begins at a change of the runtime's own data that did not happen, with the offset from before it, and ends (if at
 * all) where both agree again. So no wall time is lost or comes twice because of a correction.
 */
interface ZoneCorrection {
  /** The zone and all of its links. */
  readonly zones: readonly string[];
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
  /** A version of the tz database that knows of it: the correction has no effect with it or a later one, and can be removed. */
  readonly version: string;
}

const HOUR_MS = 3_600_000;
const FOR_GOOD = Number.POSITIVE_INFINITY;

const corrections: readonly ZoneCorrection[] = [
  {
    // Manitoba has stayed on -05 since 31 October 2026 (in tzdata since 2026e).
    zones: ["America/Winnipeg", "America/Rainy_River", "Canada/Central"],
    fromMs: Date.UTC(2026, 10, 1, 7),
    untilMs: FOR_GOOD,
    offsetMs: -5 * HOUR_MS,
    version: "2026e",
  },
  {
    // The Northwest Territories have stayed on -06 since 21 August 2026 (in tzdata since 2026e); Yellowknife shares Alberta's zone.
    zones: ["America/Inuvik"],
    fromMs: Date.UTC(2026, 10, 1, 8),
    untilMs: FOR_GOOD,
    offsetMs: -6 * HOUR_MS,
    version: "2026e",
  },
  {
    // Cuba keeps -04 for one winter, until 7 November 2027 (in tzdata since 2026f).
    zones: ["America/Havana", "Cuba"],
    fromMs: Date.UTC(2026, 10, 1, 5),
    untilMs: Date.UTC(2027, 10, 7, 5),
    offsetMs: -4 * HOUR_MS,
    version: "2026f",
  },
];

const wanted = corrections.filter(({ version }) => (process.versions.tz ?? "") < version);
const byZone = new Map(wanted.flatMap((correction) => correction.zones.map((zone) => [zone, correction])));

/** The offset that is in force in `zone` whatever the runtime says, around an instant that it gave. Undefined: the runtime is right. */
export function correctedOffset(zone: string, atMs: number): number | undefined {
  const correction = byZone.get(zone);
  return correction && atMs >= correction.fromMs && atMs < correction.untilMs ? correction.offsetMs : undefined;
}

/** The newest version of the tz database that knows something which is corrected here. Undefined: the runtime knows it all. */
export function newestCorrection(): string | undefined {
  return wanted
    .map(({ version }) => version)
    .toSorted()
    .at(-1);
}
