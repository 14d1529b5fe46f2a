import { parseWall, placeWall, wallAt } from "./wall-clock.ts";

/**
 * Whether the clocks in `zone` skip a local date-time (`YYYY-MM-DDTHH:MM[:SS]`) or show it twice, as they do when
 * summer time begins and ends. Undefined: they show it once.
 */
export function oddTime(localDateTime: string, zone: string): "skipped" | "repeated" | undefined {
  const wall = parseWall(localDateTime);
  const first = placeWall(zone, wall);
  if (wallAt(zone, first) !== wall) return "skipped";
  return placeWall(zone, wall, "later") === first ? undefined : "repeated";
}
