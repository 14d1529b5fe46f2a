import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { QuietHours } from "./quiet-hours.ts";
import type { SendWindows, WeekWindows } from "./send-windows.ts";
import { timeOfDayMs } from "./time-of-day.ts";
import { DAY_MS, type WallMs, wallAt } from "./wall-clock.ts";

/** When one channel may send: inside its windows and outside the quiet hours. What is not given does not limit. */
export interface SendingHours {
  readonly quietHours?: QuietHours | null | undefined;
  /** The windows of the channel's week. */
  readonly windows?: WeekWindows | null | undefined;
}

/** Part of a day, in milliseconds from its midnight on the wall clock. */
interface Part {
  readonly from: number;
  readonly to: number;
}

/** The whole week, and its first day again. */
const DAYS_AHEAD = 8;
const sundayFirst = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/**
 * The first instant at or after `at` at which the clocks in `zone` stand inside a window of their weekday and outside the
 * quiet hours: `at` itself if they do. What counts is what the clocks show, so an opening in an hour that they skip begins
 * after the gap, and an hour that they show twice is open twice. Undefined: the two leave nothing of the week.
 */
export function nextOpening(hours: SendingHours, zone: string, at: Date): Date | undefined {
  if (!hours.quietHours && !hours.windows) return at;
  for (let atMs = at.getTime(); ;) {
    const wall = wallAt(zone, atMs);
    const opening = nextOpenWall(hours, wall);
    if (opening === wall) return atMs === at.getTime() ? at : new Date(atMs);
    if (opening === undefined) return undefined;
    const openingMs = atMs + opening - wall;
    if (wallAt(zone, openingMs) === opening) return new Date(openingMs);
    // The clocks change meanwhile: look again from there.
    atMs = changeOfClocks(zone, atMs, openingMs);
  }
}

/** The channels that could never send, because their windows lie in the quiet hours. */
export function neverOpens(windows: SendWindows, quietHours: QuietHours | null | undefined): ChannelKind[] {
  const channels = Object.keys(windows) as ChannelKind[];
  return channels.filter((channel) => nextOpenWall({ windows: windows[channel], quietHours }, 0) === undefined);
}

/** The first open reading of a wall clock at or after `wall`, as if it never changed. */
function nextOpenWall(hours: SendingHours, wall: WallMs): WallMs | undefined {
  const today = Math.floor(wall / DAY_MS) * DAY_MS;
  for (let ahead = 0; ahead < DAYS_AHEAD; ahead += 1) {
    const day = today + ahead * DAY_MS;
    const open = openParts(hours, day).find(({ to }) => day + to > wall);
    if (open) return Math.max(wall, day + open.from);
  }
  return undefined;
}

/** What of a day is open, in the order of time. */
function openParts({ quietHours, windows }: SendingHours, day: WallMs): Part[] {
  const weekday = sundayFirst[new Date(day).getUTCDay()] ?? "sun";
  const spans = windows ? (windows[weekday] ?? []) : [{ from: "00:00", to: "24:00" }];
  const parts = spans.map(({ from, to }) => ({ from: timeOfDayMs(from), to: timeOfDayMs(to) }));
  return parts.flatMap((part) => withoutQuiet(part, quietHours)).toSorted((a, b) => a.from - b.from);
}

function withoutQuiet(part: Part, quietHours: QuietHours | null | undefined): Part[] {
  if (!quietHours) return [part];
  const { start, end } = { start: timeOfDayMs(quietHours.start), end: timeOfDayMs(quietHours.end) };
  const loud =
    end < start
      ? [{ from: end, to: start }]
      : [
          { from: 0, to: start },
          { from: end, to: DAY_MS },
        ];
  return loud
    .map(({ from, to }) => ({ from: Math.max(from, part.from), to: Math.min(to, part.to) }))
    .filter(({ from, to }) => from < to);
}

/** The first instant with another offset than at `afterMs`, when it is another at `byMs`. */
function changeOfClocks(zone: string, afterMs: number, byMs: number): number {
  const offset = wallAt(zone, afterMs) - afterMs;
  let [before, after] = [afterMs, byMs];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallAt(zone, middle) - middle === offset) before = middle;
    else after = middle;
  }
  return after;
}
