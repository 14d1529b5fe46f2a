import { countCases } from "@reminder-app/testing/count-cases";
import { offsetAt, readSystemZones, type SystemZone } from "@reminder-app/testing/system-zones";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { placeWall, wallAt } from "./wall-clock.ts";
import { isZone } from "./zones.ts";

/** From before the oldest data that a machine may have, to beyond the laws of today. */
const [fromYear, beforeYear] = [2023, 2029];
const HOUR_MS = 3_600_000;
const HALF_HOUR_MS = HOUR_MS / 2;

/** A change of clocks that data older than `since` does not know: there the system's may differ from ours, and nowhere else. */
interface Law {
  readonly says: string;
  readonly since: string;
  readonly fromMs: number;
  readonly zones: readonly string[];
}

const laws: readonly Law[] = [
  {
    says: "Moldova has changed its clocks at the EU's hour since 2022",
    since: "2026a",
    fromMs: Date.UTC(2022, 0, 1),
    zones: ["Europe/Chisinau", "Europe/Tiraspol"],
  },
  {
    says: "British Columbia stays on -07",
    since: "2026b",
    fromMs: Date.UTC(2026, 10, 1, 9),
    zones: ["America/Vancouver", "Canada/Pacific"],
  },
  {
    says: "Alberta, and with it most of the Northwest Territories, stays on -06",
    since: "2026c",
    fromMs: Date.UTC(2026, 10, 1, 8),
    zones: ["America/Edmonton", "America/Yellowknife", "Canada/Mountain"],
  },
  {
    says: "Morocco is back on +00",
    since: "2026c",
    fromMs: Date.UTC(2026, 8, 20, 1),
    zones: ["Africa/Casablanca", "Africa/El_Aaiun"],
  },
  {
    says: "The Northwest Territories stay on -06",
    since: "2026e",
    fromMs: Date.UTC(2026, 10, 1, 8),
    zones: ["America/Inuvik"],
  },
  {
    says: "Manitoba stays on -05",
    since: "2026e",
    fromMs: Date.UTC(2026, 10, 1, 7),
    zones: ["America/Winnipeg", "America/Rainy_River", "Canada/Central"],
  },
  {
    says: "Cuba keeps -04 for the winter of 2026",
    since: "2026f",
    fromMs: Date.UTC(2026, 10, 1, 5),
    zones: ["America/Havana", "Cuba"],
  },
];

const system = readSystemZones({ fromYear, beforeYear });
const zones = [...system.zones].filter(([name]) => isZone(name));
const unknownThere = laws.filter(({ since }) => system.version < since);
const anyInstants = fc.sample(fc.integer({ min: Date.UTC(fromYear, 0, 1), max: Date.UTC(beforeYear, 0, 1) - 1 }), {
  numRuns: 20,
  seed: 42,
});
/** Often enough to meet every winter and summer, whether or not the system's data has a change there. */
const quarterly = Array.from({ length: 4 * (beforeYear - fromYear) }, (_, quarter) =>
  Date.UTC(fromYear, 3 * quarter, 1 + quarter, 7, 13),
);
/** Two programs read 600 zones: that takes its time where others work too. */
const LONG = { timeout: 180_000 };

function mayDiffer(zone: string, atMs: number): boolean {
  return unknownThere.some(({ zones: named, fromMs }) => atMs >= fromMs - HOUR_MS && named.includes(zone));
}

test(
  "every zone's clocks show what the system's own data says: at each change, every quarter and at any instant of six years (A6, A7)",
  LONG,
  ({ task }) => {
    const wrong: string[] = [];
    const differing = new Set<string>();
    let cases = 0;
    for (const [name, zone] of zones) {
      const around = zone.changes.flatMap(({ atMs }) => [atMs - 1000, atMs, atMs + HOUR_MS]);
      for (const atMs of [...around, ...quarterly, ...anyInstants]) {
        cases += 1;
        if (wallAt(name, atMs) - atMs === offsetAt(zone, atMs)) continue;
        if (mayDiffer(name, atMs)) differing.add(name);
        else wrong.push(`${name} at ${new Date(atMs).toISOString()}`);
      }
    }
    countCases(task, "zones", { cases, violations: wrong.length });
    expect(zones.length).toBeGreaterThan(400);
    expect(wrong).toEqual([]);
    // Each law does what it says: whoever is older than it, differs.
    expect([...differing].toSorted()).toEqual(unknownThere.flatMap(({ zones: named }) => named).toSorted());
  },
);

test("a wall time goes where the system's data says: the first time it comes, or right after the gap (A6)", ({
  task,
}) => {
  const wrong: string[] = [];
  let cases = 0;
  for (const [name, zone] of zones) {
    const around = zone.changes.flatMap(({ atMs }) => [atMs - HALF_HOUR_MS, atMs - 1000, atMs, atMs + HALF_HOUR_MS]);
    for (const atMs of [...around, ...anyInstants.slice(0, 10)]) {
      if (mayDiffer(name, atMs)) continue;
      cases += 1;
      // Counted with the offset from before a change, so that walls after it are those that a gap skips.
      const wall = atMs + offsetAt(zone, atMs - HOUR_MS);
      if (placeWall(name, wall) !== firstInstantOf(zone, wall)) wrong.push(`${name} ${new Date(wall).toISOString()}`);
    }
  }
  countCases(task, "zones", { cases, violations: wrong.length });
  expect(wrong).toEqual([]);
});

/** Tried offset by offset: of the instants that show the wall time the first, else the change that skips it. */
function firstInstantOf(zone: SystemZone, wall: number): number | undefined {
  const offsets = new Set([zone.firstOffsetMs, ...zone.changes.map(({ offsetMs }) => offsetMs)]);
  const showing = [...offsets].map((offset) => wall - offset).filter((atMs) => wallOf(zone, atMs) === wall);
  if (showing.length > 0) return Math.min(...showing);
  return zone.changes.find(({ atMs }) => wallOf(zone, atMs - 1) < wall && wallOf(zone, atMs) > wall)?.atMs;
}

function wallOf(zone: SystemZone, atMs: number): number {
  return atMs + offsetAt(zone, atMs);
}

test.each([
  ["America/Winnipeg", "2026-11-01T07:00:00Z"],
  ["America/Inuvik", "2026-11-01T08:00:00Z"],
  ["America/Havana", "2026-11-01T05:00:00Z"],
  ["America/Havana", "2027-03-14T05:00:00Z"],
])("in %s the clocks go on evenly where they no longer change, at %s (A6, A7)", (zone, at) => {
  const minutes = Array.from({ length: 360 }, (_, minute) => Date.parse(at) + (minute - 180) * 60_000);
  const jumps = minutes.filter((atMs) => wallAt(zone, atMs + 60_000) - wallAt(zone, atMs) !== 60_000);
  const misplaced = minutes.filter(
    (atMs) => placeWall(zone, wallAt(zone, atMs)) !== atMs || placeWall(zone, wallAt(zone, atMs), "later") !== atMs,
  );
  expect({ jumps, misplaced }).toEqual({ jumps: [], misplaced: [] });
});

test("in Havana the hour comes twice again when its one winter on -04 ends (A6, A7)", () => {
  const folded = Date.parse("2027-11-07T00:30:00Z");
  expect(new Date(placeWall("America/Havana", folded)).toISOString()).toBe("2027-11-07T04:30:00.000Z");
  expect(new Date(placeWall("America/Havana", folded, "later")).toISOString()).toBe("2027-11-07T05:30:00.000Z");
});
