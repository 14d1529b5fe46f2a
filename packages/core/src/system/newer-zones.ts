import { zonesIn, zonesThatDiffer } from "@reminder-app/schedule/compare-zones";
import { isOlderVersion } from "@reminder-app/schedule/tz-floor";
import { tzdataVersion } from "@reminder-app/schedule/zones";

const YEARS_AHEAD = 3;

/** The machine's own time zone data. */
export interface MachineClocks {
  /** The tz database in its text form, `tzdata.zi`. Undefined: the machine has none. */
  tzdata(): Promise<string | undefined>;
  /** What `zdump` prints with these arguments. Undefined: the machine has no such program. */
  zdump(args: readonly string[]): Promise<string | undefined>;
}

/** What the machine's own time zone data knows that the runtime's does not. */
export interface NewerZones {
  readonly version: string;
  /** Zones whose clocks show something else within two years. */
  readonly zones: readonly string[];
}

/** Compare the runtime's zones with the machine's own, where those are newer. Undefined: they are not, or cannot be read. */
export async function newerZones(machine: MachineClocks, now: Date): Promise<NewerZones | undefined> {
  const text = (await machine.tzdata()) ?? "";
  const version = /^# version (\S+)/.exec(text)?.[1];
  if (!version || !isOlderVersion(tzdataVersion(), version)) return undefined;
  const year = now.getUTCFullYear();
  const dump = await machine.zdump(["-i", "-c", `${year},${year + YEARS_AHEAD}`, ...zonesIn(text)]);
  return dump === undefined ? undefined : { version, zones: zonesThatDiffer(dump, now.getTime()) };
}
