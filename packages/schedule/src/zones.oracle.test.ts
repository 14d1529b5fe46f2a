import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { countCases } from "@reminder-app/testing/count-cases";
import { expect, test } from "vitest";
import { placeWall, wallAt } from "./wall-clock.ts";
import { isZone } from "./zones.ts";

/** The system's own zone data, read by its own program: a second opinion in another language. */
const DATA = "/usr/share/zoneinfo/tzdata.zi";
const [fromYear, beforeYear] = [2026, 2028];
const HOUR_MS = 3_600_000;

/** Laws of 2026 that system data older than this does not know. */
const LAWS_KNOWN_SINCE = "2026f";
const changedIn2026 = new Set([
  "Africa/Casablanca",
  "Africa/El_Aaiun",
  "America/Edmonton",
  "America/Yellowknife",
  "Canada/Mountain",
  "America/Inuvik",
  "America/Vancouver",
  "Canada/Pacific",
  "America/Winnipeg",
  "America/Rainy_River",
  "Canada/Central",
  "Europe/Chisinau",
  "Europe/Tiraspol",
]);

interface Offsets {
  /** Instants at which the clocks change, and one before each, with the offset in force. */
  readonly known: readonly { readonly atMs: number; readonly offsetMs: number }[];
}

function readSystem(): { version: string; zones: ReadonlyMap<string, Offsets> } {
  const lines = readFileSync(DATA, "utf8").split("\n");
  const version = lines[0]?.replace("# version ", "") ?? "";
  const named = lines.flatMap((line) =>
    [...line.matchAll(/^(?:Z (\S+)|L \S+ (\S+))/g)].map(([, zone, link]) => zone ?? link ?? ""),
  );
  const names = named.filter(isZone);
  const dumped = execFileSync("zdump", ["-c", `${fromYear},${beforeYear}`, "-v", ...names], { maxBuffer: 1e9 });
  const found = new Map<string, { atMs: number; offsetMs: number }[]>(names.map((name) => [name, []]));
  for (const line of dumped.toString().split("\n")) {
    const [, zone, at, offset] = /^(\S+) +\w+ (\w+ +\d+ [\d:]+ \d+) UT = .* gmtoff=(-?\d+)$/.exec(line) ?? [];
    if (zone && at) found.get(zone)?.push({ atMs: Date.parse(`${at} UTC`), offsetMs: Number(offset) * 1000 });
  }
  const start = Date.UTC(fromYear, 0, 1);
  const within = [...found].map(
    ([zone, known]) => [zone, { known: known.filter(({ atMs }) => atMs >= start) }] as const,
  );
  return { version, zones: new Map(within) };
}

test("every zone's clocks show what the system's own data says, at each change and between, for two years (A6, A7)", ({
  task,
}) => {
  const { version, zones } = readSystem();
  const mayDiffer = (zone: string) => version < LAWS_KNOWN_SINCE && changedIn2026.has(zone);
  const wrong: string[] = [];
  let cases = 0;
  for (const [zone, { known }] of zones) {
    for (const { atMs, offsetMs } of known) {
      cases += 1;
      const wall = wallAt(zone, atMs);
      if (wall - atMs !== offsetMs && !mayDiffer(zone)) wrong.push(`${zone} at ${new Date(atMs).toISOString()}`);
    }
  }
  countCases(task, "zones", { cases, violations: wrong.length });
  expect(zones.size).toBeGreaterThan(400);
  expect(wrong).toEqual([]);
});

test("a wall time and its instant lead to each other in every zone; one that comes twice is the first, one that is skipped comes right after the gap (A6)", ({
  task,
}) => {
  const wrong: string[] = [];
  let cases = 0;
  for (const [zone, { known }] of readSystem().zones) {
    const changes = known.map(({ atMs }) => atMs);
    const steady = Array.from({ length: 24 }, (_, month) => Date.UTC(fromYear, month, 3 + (month % 25), 7, 13));
    for (const atMs of [...steady, ...changes.flatMap((at) => [at - HOUR_MS, at, at + 1000, at + HOUR_MS])]) {
      cases += 1;
      const wall = wallAt(zone, atMs);
      const placed = placeWall(zone, wall);
      if (placed > atMs || wallAt(zone, placed) !== wall) wrong.push(`${zone} at ${new Date(atMs).toISOString()}`);
      const last = placeWall(zone, wall, "later");
      if (last < atMs || wallAt(zone, last) !== wall) wrong.push(`${zone} later at ${new Date(atMs).toISOString()}`);
    }
    for (const atMs of changes) {
      const [before, after] = [wallAt(zone, atMs - 1000) + 1000, wallAt(zone, atMs)];
      if (after <= before) continue;
      cases += 1;
      if (placeWall(zone, before + Math.floor((after - before) / 2)) !== atMs)
        wrong.push(`${zone}: the gap at ${atMs}`);
    }
  }
  countCases(task, "zones", { cases, violations: wrong.length });
  expect(wrong).toEqual([]);
});
