import { newestCorrection } from "./zone-corrections.ts";
import { tzdataVersion } from "./zones.ts";

/** The oldest version of the tz database with which local times are right; what came after it stands in `zone-corrections.ts`. */
export const TZ_FLOOR = "2026c";

/** Whether one version of the tz database, such as `2026c`, is older than another. What is no version is older than all. */
export function isOlderVersion(version: string, than: string): boolean {
  return isVersion(than) && (!isVersion(version) || version < than);
}

/** Why local times would be wrong by this version, and what to do. Undefined: they are right. */
export function floorFault(version: string = tzdataVersion()): string | undefined {
  if (!isOlderVersion(version, TZ_FLOOR)) return undefined;
  return `the time zone data is of version ${version}, and local times are right from ${TZ_FLOOR} on; run a newer release of Node, which brings its own`;
}

/** What all moments are worked out with: the runtime's version, and that of the newest correction which it lacks. */
export function clockVersion(): string {
  const correction = newestCorrection();
  return correction ? `${tzdataVersion()}+${correction}` : tzdataVersion();
}

/** Letters follow `z` with `za`, so versions are in the order of their texts. */
function isVersion(text: string): boolean {
  return /^(19|20)\d\d[a-z]{1,2}$/.test(text);
}
