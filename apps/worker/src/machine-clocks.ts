import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { MachineClocks } from "@reminder-app/core/system/newer-zones";

const MOST_PRINTED = 50_000_000;
const PATIENCE_MS = 60_000;

interface Places {
  readonly tzdata?: string;
  readonly zdump?: string;
}

/** The time zone data of this machine, from the usual places; what is not there is no fault. */
export function machineClocks({
  tzdata = "/usr/share/zoneinfo/tzdata.zi",
  zdump = "zdump",
}: Places = {}): MachineClocks {
  const options = { maxBuffer: MOST_PRINTED, timeout: PATIENCE_MS };
  return {
    tzdata: () => readFile(tzdata, "utf8").catch(() => undefined),
    zdump: (args) =>
      promisify(execFile)(zdump, [...args], options).then(
        ({ stdout }) => stdout,
        () => undefined,
      ),
  };
}
