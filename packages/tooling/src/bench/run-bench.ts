import { benchApi } from "./bench-api.ts";
import { CLIENTS, benchDeliveries } from "./bench-deliveries.ts";
import { type BenchSetting, openSetting } from "./bench-setting.ts";
import type { BenchResult } from "./pairs.ts";

export interface BenchOptions {
  /** Which benches to run; all when left out. */
  readonly only?: BenchId | undefined;
  readonly pairs: number;
  readonly log: (line: string) => void;
}

const benches = {
  T1: (setting, pairs) => benchDeliveries(setting, { id: "T1", kind: "email", pairs }),
  T2: (setting, pairs) => benchDeliveries(setting, { id: "T2", kind: "sms", pairs }),
  T3: (setting, pairs) => benchApi(setting, { id: "T3", pairs }),
} as const satisfies Record<string, (setting: BenchSetting, pairs: number) => Promise<BenchResult>>;

export type BenchId = keyof typeof benches;
export const benchIds = Object.keys(benches) as BenchId[];

const what: Readonly<Record<BenchId, string>> = {
  T1: "an email delivered",
  T2: "an SMS delivered",
  T3: "POST /v1/reminders answered with 201",
};

/** Measure the product against hand-written programs that do the same work with the same libraries and no guarantees. */
export async function runBench({ only, pairs, log }: BenchOptions): Promise<BenchResult[]> {
  const setting = await openSetting(CLIENTS, log);
  try {
    const results: BenchResult[] = [];
    for (const id of only ? [only] : benchIds) {
      log(`${id}: ${what[id]}, ${pairs} pairs`);
      results.push(await benches[id](setting, pairs));
    }
    return results;
  } finally {
    await setting.close();
  }
}
