import { type SystemCtx, actFor } from "../ctx.ts";
import { tellZoneDataOld } from "../zone-data/tell-zone-data-old.ts";
import { clocksRepo } from "./clocks.repo.ts";

/** Tell every firm that is in one of `zones`, or has clients there, that its clocks may be wrong here. Answers how many tasks that made. */
export async function tellZones(system: SystemCtx, zones: readonly string[], version: string): Promise<number> {
  let opened = 0;
  for (const { businessId, zone } of await clocksRepo(system.db).businessesIn(zones))
    if (zone && (await tellZoneDataOld(actFor(system, businessId, "zone-data"), { zone, version }))) opened += 1;
  return opened;
}
