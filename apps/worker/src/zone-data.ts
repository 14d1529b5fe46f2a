import { setTimeout as sleep } from "node:timers/promises";
import type { SystemCtx } from "@reminder-app/core/ctx";
import { followClocks } from "@reminder-app/core/system/follow-clocks";
import { type MachineClocks, newerZones } from "@reminder-app/core/system/newer-zones";
import { tellZones } from "@reminder-app/core/system/tell-zones";
import { MINUTE_MS } from "@reminder-app/platform/clock";
import type { Logger } from "@reminder-app/platform/log";
import { machineClocks } from "./machine-clocks.ts";

export interface ZoneDataDeps {
  readonly system: SystemCtx;
  readonly log: Logger;
  /** The machine's own data, where it is not in the usual places. */
  readonly machine?: MachineClocks;
}

/**
 * Once at the start: work due moments out again where they came from other time zone data, and tell firms whose clocks
 * newer data on this machine knows better. What fails is logged and tried again, until `signal` aborts.
 */
export async function followZoneData(deps: ZoneDataDeps, signal: AbortSignal): Promise<void> {
  const system: SystemCtx = { ...deps.system, signal };
  for (const task of [followData, compareWithMachine]) {
    while (!signal.aborted && !(await succeeded(task({ ...deps, system }), deps.log)))
      await sleep(MINUTE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function succeeded(task: Promise<void>, log: Logger): Promise<boolean> {
  return task.then(
    () => true,
    (error: unknown) => {
      log.warn({ error }, "the time zone data could not be followed; trying again");
      return false;
    },
  );
}

async function followData({ system, log }: ZoneDataDeps): Promise<void> {
  const followed = await followClocks(system);
  if (!followed) return;
  const reason = `${followed.from ?? "unknown"} to ${followed.to}`;
  log.info({ reason, count: followed.reminders }, "the time zone data changed; due moments were worked out again");
  if (followed.unknown > 0)
    log.warn({ reason, count: followed.unknown }, "reminders in zones that are not known any more stay as they were");
}

async function compareWithMachine({ system, log, machine = machineClocks() }: ZoneDataDeps): Promise<void> {
  const newer = await newerZones(machine, system.now());
  if (!newer || newer.zones.length === 0) return;
  const reason = `${newer.version}: ${newer.zones.join(", ")}`;
  const count = await tellZones(system, newer.zones, newer.version);
  log.warn({ reason, count }, "the machine's time zone data is newer than the runtime's: clocks of these zones differ");
}
