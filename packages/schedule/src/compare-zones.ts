import { wallAt } from "./wall-clock.ts";
import { isZone } from "./zones.ts";

const WEEK_MS = 7 * 86_400_000;
/** So far ahead two sources are compared. */
const YEARS_MS = 2 * 365 * 86_400_000;

/** One stretch of time in which a zone keeps an offset. */
interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

/**
 * The zones whose clocks show something else here than in what `zdump -i` printed of them, at some moment from `startMs`
 * on. Each of its lines but the first tells when, on the new clock, an offset begins: `2027-03-14	03	-04	EDT	1`.
 */
export function zonesThatDiffer(dump: string, startMs: number): string[] {
  return dump
    .split(/^TZ=/m)
    .map(readZone)
    .filter(({ name, stretches }) => isZone(name) && stretches.some((stretch) => differs(name, stretch, startMs)))
    .map(({ name }) => name);
}

/** The names of zones and links in `tzdata.zi`, the text form of the tz database. */
export function zonesIn(tzdata: string): string[] {
  const names = [...tzdata.matchAll(/^(?:Z (\S+)|L \S+ (\S+))/gm)].map(([, zone, link]) => zone ?? link ?? "");
  return names.filter(isZone);
}

function readZone(block: string): { name: string; stretches: readonly Stretch[] } {
  const [first = "", ...lines] = block.split("\n");
  const stretches = lines.flatMap((line): Omit<Stretch, "untilMs">[] => {
    const [day, time, offset] = line.split("\t");
    const offsetMs = readOffset(offset);
    if (!day || !time || offsetMs === undefined) return [];
    const fromMs = day === "-" ? Number.NEGATIVE_INFINITY : Date.parse(`${day}T${fullTime(time)}Z`) - offsetMs;
    return [{ fromMs, offsetMs }];
  });
  const ended = stretches.map((stretch, at) => ({
    ...stretch,
    untilMs: stretches[at + 1]?.fromMs ?? Number.POSITIVE_INFINITY,
  }));
  return { name: first.replaceAll('"', ""), stretches: ended };
}

/** `03` and `03:30` as `03:00:00` and `03:30:00`. */
function fullTime(time: string): string {
  return `${time}:00:00`.slice(0, 8);
}

/** `-04`, `+0545` or `-001452`, in milliseconds. */
function readOffset(text: string | undefined): number | undefined {
  const [, sign, hours, minutes = 0, seconds = 0] = /^([+-])(\d\d)(\d\d)?(\d\d)?$/.exec(text ?? "") ?? [];
  if (!sign) return undefined;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === "-" ? -ms : ms;
}

/** Compared where a stretch begins, just before it ends, and once a week between: no clock was ever put back sooner. */
function differs(zone: string, { fromMs, offsetMs, untilMs }: Stretch, startMs: number): boolean {
  const first = Math.max(fromMs, startMs);
  const last = Math.min(untilMs, startMs + YEARS_MS) - 1;
  for (let at = first; at < last; at += WEEK_MS) if (wallAt(zone, at) - at !== offsetMs) return true;
  return last >= first && wallAt(zone, last) - last !== offsetMs;
}
