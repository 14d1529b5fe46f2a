import { actFor, type Ctx } from "@reminder-app/core/ctx";
import { PageDeliveriesQuery, pageDeliveries } from "@reminder-app/core/deliveries/page-deliveries";
import { LateClientsQuery, pageLateClients } from "@reminder-app/core/reports/page-late-clients";
import { reportCompletions } from "@reminder-app/core/reports/report-completions";
import { reportDeliveries } from "@reminder-app/core/reports/report-deliveries";
import { reportPayments } from "@reminder-app/core/reports/report-payments";
import { reportReceivables } from "@reminder-app/core/reports/report-receivables";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import type { BenchSetting } from "./bench-setting.ts";
import { insertHistory } from "./insert-history.ts";
import { round } from "./pairs.ts";

const RUNS = 40;
const GOAL_MS = 100;

/** How long the firm's desk waits for a dashboard and for its history. */
export interface ReportsResult {
  readonly id: string;
  readonly deliveries: number;
  /** The first report of all, which counts everything once. */
  readonly firstCountMs: number;
  readonly p95Ms: Readonly<Record<string, number>>;
  readonly goalMs: number;
}

/** T10: reports and history over the deliveries of one business. */
export async function benchReports(
  { env, business }: BenchSetting,
  { id, deliveries, log }: { id: string; deliveries: number; log: (line: string) => void },
): Promise<ReportsResult> {
  const { ENCRYPTION_KEYS, LOOKUP_KEYS } = loadConfig({ ...env });
  const vault = createVault({ encryptionKeys: ENCRYPTION_KEYS, lookupKeys: LOOKUP_KEYS });
  const ctx = actFor({ db: business.db, vault, now: () => new Date() }, business.id, "bench");
  const { reminderId, clientId } = await insertHistory(ctx, { clientIds: business.clientIds, deliveries, log });
  const year = { from: dayBefore(360), to: dayBefore(0) };
  const month = { from: dayBefore(29), to: dayBefore(0) };
  const firstCountMs = await took(() => reportDeliveries(ctx, { ...year, by: "channel" }));
  const asked: Readonly<Record<string, (ctx: Ctx) => Promise<unknown>>> = {
    deliveriesOfMonth: () => reportDeliveries(ctx, { ...month, by: "day" }),
    deliveriesOfYear: () => reportDeliveries(ctx, { ...year, by: "reason" }),
    completionsOfMonth: () => reportCompletions(ctx, { ...month, by: "step" }),
    receivables: () => reportReceivables(ctx),
    paymentsOfMonth: () => reportPayments(ctx, month),
    lateClients: () => pageLateClients(ctx, LateClientsQuery.parse({})),
    history: () => pageDeliveries(ctx, PageDeliveriesQuery.parse({})),
    historyOfClient: () => pageDeliveries(ctx, PageDeliveriesQuery.parse({ clientId })),
    historyOfReminder: () => pageDeliveries(ctx, PageDeliveriesQuery.parse({ reminderId, state: "failed" })),
  };
  const p95Ms: Record<string, number> = {};
  for (const [name, ask] of Object.entries(asked)) {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) times.push(await took(() => ask(ctx)));
    p95Ms[name] = round(times.toSorted((one, other) => one - other)[Math.ceil(RUNS * 0.95) - 1] ?? 0, 1);
  }
  return { id, deliveries, firstCountMs: round(firstCountMs, 0), p95Ms, goalMs: GOAL_MS };
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function dayBefore(days: number): string {
  return after(new Date(), -days * DAY_MS)
    .toISOString()
    .slice(0, 10);
}
