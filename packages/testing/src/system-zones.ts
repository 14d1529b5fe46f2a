import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** When a zone's clocks change, by the machine's own data. Offsets are what is added to UTC, in milliseconds. */
export interface SystemZone {
  readonly firstOffsetMs: number;
  readonly changes: readonly { readonly atMs: number; readonly offsetMs: number }[];
}

const DATA = "/usr/share/zoneinfo/tzdata.zi";
const NEEDED = "The test compares with the system's own zone data: install zdump (Debian: libc-bin) and tzdata";

interface Span {
  readonly fromYear: number;
  readonly beforeYear: number;
}

/** The machine's zone data between two years, read by its own program `zdump`: a second opinion, in another language. */
export function readSystemZones({ fromYear, beforeYear }: Span): {
  version: string;
  zones: ReadonlyMap<string, SystemZone>;
} {
  const text = orExplain(() => readFileSync(DATA, "utf8"));
  const names = [...text.matchAll(/^(?:Z (\S+)|L \S+ (\S+))/gm)].map(([, zone, link]) => zone ?? link ?? "");
  const asked = ["-i", "-c", `${fromYear},${beforeYear}`, ...names];
  const dumped = orExplain(() => execFileSync("zdump", asked, { maxBuffer: 1e9, encoding: "utf8" }));
  const zones = dumped
    .split("\n\n")
    .map((block) => block.trim().split("\n"))
    .map(([title = "", ...rows]) => [title.replace(/^TZ="(.*)"$/, "$1"), readZone(rows)] as const);
  return { version: /^# version (\S+)/.exec(text)?.[1] ?? "unknown", zones: new Map(zones) };
}

/** What is added to UTC in the zone at an instant. */
export function offsetAt({ firstOffsetMs, changes }: SystemZone, atMs: number): number {
  return changes.findLast((change) => change.atMs <= atMs)?.offsetMs ?? firstOffsetMs;
}

/** The first row is the offset before all changes; each further one is what the clocks show right after a change. */
function readZone([first = "", ...rows]: readonly string[]): SystemZone {
  const changes = rows.map((row) => {
    const [day, time = "", offset = ""] = row.split("\t");
    const [hour = "00", minute = "00", second = "00"] = time.split(":");
    const offsetMs = readOffset(offset);
    return { atMs: Date.parse(`${day}T${hour}:${minute}:${second}Z`) - offsetMs, offsetMs };
  });
  return { firstOffsetMs: readOffset(first.split("\t")[2] ?? ""), changes };
}

function readOffset(text: string): number {
  const [, sign, hours, minutes = "0", seconds = "0"] = /^([+-])(\d\d)(\d\d)?(\d\d)?$/.exec(text) ?? [];
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return (sign === "-" ? -total : total) * 1000;
}

function orExplain<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new Error(NEEDED, { cause });
  }
}
