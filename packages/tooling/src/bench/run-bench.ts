import { benchApi } from "./bench-api.ts";
import { CLIENTS, benchDeliveries } from "./bench-deliveries.ts";
import { type HerdResult, benchHerd } from "./bench-herd.ts";
import { type IdleResult, benchIdle } from "./bench-idle.ts";
import { type ImportResult, benchImport } from "./bench-import.ts";
import { type OutboxResult, benchOutbox } from "./bench-outbox.ts";
import { type ReportsResult, benchReports } from "./bench-reports.ts";
import { type BenchSetting, openSetting } from "./bench-setting.ts";
import { type YearResult, benchYear } from "./bench-year.ts";
import type { BenchResult } from "./pairs.ts";

export interface BenchOptions {
  /** Which benches to run; when left out those that take a few minutes together. */
  readonly only?: readonly BenchId[] | undefined;
  readonly pairs: number;
  /** How many reminders are active in T5 and T8. */
  readonly active: number;
  /** How many deliveries there are in T10. */
  readonly deliveries: number;
  readonly log: (line: string) => void;
}

type BenchRow = BenchResult | HerdResult | IdleResult | ImportResult | OutboxResult | ReportsResult | YearResult;
type Amounts = Pick<BenchOptions, "pairs" | "active" | "deliveries" | "log">;

const benches = {
  T1: (setting, { pairs }) => benchDeliveries(setting, { id: "T1", kind: "email", pairs }),
  T2: (setting, { pairs }) => benchDeliveries(setting, { id: "T2", kind: "sms", pairs }),
  T3: (setting, { pairs }) => benchApi(setting, { id: "T3", pairs }),
  T5: (setting, { active }) => benchHerd(setting, { id: "T5", active }),
  T8: (setting, { active }) => benchIdle(setting, { id: "T8", active }),
  T10: (setting, { deliveries, log }) => benchReports(setting, { id: "T10", deliveries, log }),
  T11: (setting, { pairs }) => benchImport(setting, { id: "T11", pairs }),
  A17: (setting, { pairs }) => benchOutbox(setting, { id: "A17", runs: pairs }),
  J12: (setting, { pairs }) => benchYear(setting, { id: "J12", runs: pairs }),
} as const satisfies Record<string, (setting: BenchSetting, amounts: Amounts) => Promise<BenchRow>>;

export type BenchId = keyof typeof benches;
export const benchIds = Object.keys(benches) as BenchId[];
/** They write so many rows and timers that each takes minutes by itself. */
const large: readonly BenchId[] = ["T5", "T8", "T10", "T11"];

const what: Readonly<Record<BenchId, string>> = {
  T1: "an email delivered",
  T2: "an SMS delivered",
  T3: "POST /v1/reminders answered with 201",
  T5: "10,000 reminders due at one instant",
  T8: "waiting with nothing due",
  T10: "dashboard and history of one business",
  T11: "100,000 clients imported from CSV",
  A17: "10,000 assignments of one sequence previewed",
  J12: "twelve months of a firm with 200 clients, by its test clock",
};

/** Measure the product against hand-written programs that do the same work with the same libraries and no guarantees. */
export async function runBench({
  only = benchIds.filter((id) => !large.includes(id)),
  ...amounts
}: BenchOptions): Promise<BenchRow[]> {
  const setting = await openSetting(CLIENTS, amounts.log);
  try {
    const results: BenchRow[] = [];
    for (const id of only) {
      amounts.log(`${id}: ${what[id]}`);
      results.push(await benches[id](setting, amounts));
    }
    return results;
  } finally {
    await setting.close();
  }
}
