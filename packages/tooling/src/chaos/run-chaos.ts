import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { freePort } from "../services/free-port.ts";
import { startServices } from "../services/services.ts";
import { startStack } from "../stack/stack.ts";
import { breakThings } from "./break-things.ts";
import { type ChaosReport, compare, unexplainedLines } from "./compare.ts";
import { type OurLedger, openLedger } from "./ledger.ts";
import { readAccepted, setFaults } from "./sandbox-ledger.ts";
import { createWork } from "./work.ts";

export interface ChaosOptions {
  readonly deliveries: number;
  readonly seconds: number;
  readonly workers: number;
  readonly log: (line: string) => void;
}

/** Short times, so that what takes minutes in production takes seconds here. */
const shortTimes = {
  APP_ENV: "testing",
  BUSINESS_REQUESTS_PER_MINUTE: "999999999",
  LOG_LEVEL: "warn",
  PROVIDER_TIMEOUT_MS: "3000",
  LEASE_MS: "10000",
  VERIFY_AFTER_MS: "5000",
  HOLD_AFTER_MS: "5000",
  RETRY_BASE_MS: "1000",
};
const faults = {
  refuse_for_now: 0.05,
  throttle: 0.05,
  hang: 0.03,
  accept_then_drop: 0.04,
  drop_before: 0.03,
  server_error: 0.02,
};
const PATIENCE_MS = 240_000;

/** Send under fire, wait until all is settled, and compare what arrived with what should have. */
export async function runChaos({ deliveries, seconds, workers, log }: ChaosOptions): Promise<ChaosReport> {
  const folder = mkdtempSync(join(tmpdir(), "reminder-app-chaos-"));
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const started = Date.now();
  try {
    const services = await startServices({ directory: join(folder, "services"), keep: true, log, privateOnly: true });
    undo.push(services.stop);
    if (!services.servers) throw new Error("Chaos needs servers that it may kill");
    await migrateDatabase(services.databaseUrl);
    const ports = { api: await freePort(), sandbox: await freePort(), smtp: await freePort(), clamd: await freePort() };
    const stack = await startStack({
      services,
      directory: join(folder, "stack"),
      ports,
      workers,
      log,
      settings: shortTimes,
    });
    undo.push(stack.stop);
    const ledger = await openLedger(services.databaseUrl);
    undo.push(ledger.close);

    log(`making ${deliveries} clients, each with one address`);
    const work = await createWork({ apiUrl: stack.apiUrl, deliveries, seconds });
    await setFaults(stack.sandboxUrl, faults);
    const breakages = await breakThings(
      { stack, servers: services.servers, redisUrl: services.redisUrl, log },
      seconds,
    );
    log("waiting until nothing is open");
    await untilSettled(ledger, log);
    const evidence = {
      expected: work.addresses,
      // The owner's own mail is no reminder.
      accepted: (await readAccepted(stack.sandboxUrl)).filter(({ to }) => work.addresses.has(to)),
      byToken: await ledger.byToken(),
      states: await ledger.states(),
      unknownSeen: await ledger.unknownSeen(),
      breakages,
      lastDueAt: work.lastDueAt,
      seconds: Math.round((Date.now() - started) / 1_000),
    };
    for (const line of unexplainedLines(evidence)) log(`doubled: ${line}`);
    return compare(evidence);
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

async function untilSettled(ledger: OurLedger, log: (line: string) => void): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  let quiet = 0;
  let waited = 0;
  while (Date.now() < giveUpAt && quiet < 3) {
    await sleep(1_000);
    const open = await ledger.openWork().catch(() => Number.NaN);
    quiet = open === 0 ? quiet + 1 : 0;
    if (open > 0) log(`${open} open`);
    if (open > 0 && (waited += 1) % 30 === 0) for (const line of await ledger.stuck()) log(line);
  }
  if (quiet < 3) log(`still open after ${PATIENCE_MS / 1_000} s:\n${(await ledger.stuck()).join("\n")}`);
}
