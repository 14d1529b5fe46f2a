import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { createConnection } from "mysql2/promise";
import { environment } from "../../bootstrap/environment.mjs";
import { freePort } from "../services/free-port.ts";
import { startServices } from "../services/services.ts";
import { keptSecrets } from "../stack/secrets.ts";
import { type BusinessUnderTest, makeBusiness } from "./business-under-test.ts";
import { type MeasuredProcess, startMeasured } from "./measured-process.ts";

/** What all benches run against: private servers that commit to the disk, sinks for what is sent, and a business. */
export interface BenchSetting {
  /** Settings of the processes under test. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly redisUrl: string;
  readonly business: BusinessUnderTest;
  readonly sinks: MeasuredProcess<unknown>;
  /** Start a process under test; it is stopped with the setting, if not before. */
  start<Ready>(script: string, extra?: Readonly<Record<string, string>>): Promise<MeasuredProcess<Ready>>;
  close(): Promise<void>;
}

export const QUEUE_PREFIX = "bench";
const processes = "packages/tooling/src/bench/processes";
const attemptsTable = `create table bench_attempts (
  id bigint auto_increment primary key, delivery_id varchar(64) not null, message_id varchar(255) not null,
  sent_at datetime(3) not null)`;

export const floorScript = (name: string) => `${processes}/floor-${name}.ts`;

/** Bring everything up; whatever fails, nothing is left behind. */
export async function openSetting(clients: number, log: (line: string) => void): Promise<BenchSetting> {
  const folder = mkdtempSync(join(tmpdir(), "reminder-app-bench-"));
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  let started = 0;
  async function launch<Ready>(script: string, env: BenchSetting["env"]): Promise<MeasuredProcess<Ready>> {
    started += 1;
    const launched = await startMeasured<Ready>({ script, env, logFile: join(folder, `process-${started}.log`) });
    undo.push(launched.stop);
    return launched;
  }
  try {
    const services = await startServices({ directory: join(folder, "services"), keep: true, log, privateOnly: true });
    undo.push(services.stop);
    await migrateDatabase(services.databaseUrl);
    await createFloorTable(services.databaseUrl);
    const sinks = await launch<SinkPorts>(`${processes}/sinks.ts`, environment);
    const env = {
      ...environment,
      ...keptSecrets(join(folder, "secrets.json")),
      ...fixedSettings,
      ...providerSettings(sinks.ready),
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: services.redisUrl,
    };
    log(`making a business with ${clients} clients`);
    const business = await makeBusiness(env, clients);
    undo.push(business.close);
    return {
      env,
      redisUrl: services.redisUrl,
      business,
      sinks,
      start: async (script, extra = {}) => launch(script, { ...env, PORT: `${await freePort()}`, ...extra }),
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function createFloorTable(url: string): Promise<void> {
  const connection = await createConnection(url);
  await connection.query(attemptsTable);
  await connection.end();
}

interface SinkPorts {
  readonly smtpPort: number;
  readonly smsPort: number;
}

const fixedSettings = {
  APP_ENV: "development",
  LOG_LEVEL: "info",
  QUEUE_PREFIX,
  WORKER_CONCURRENCY: "100",
  DATABASE_POOL: "10",
  BUSINESS_REQUESTS_PER_MINUTE: "999999999",
  BUSINESS_SENDS_PER_DAY: "999999999",
  MAIL_FROM: "reminders@bench.example",
  TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
  TWILIO_FROM: "+15005550006",
  WHATSAPP_PHONE_NUMBER_ID: "100000000000001",
};

function providerSettings({ smtpPort, smsPort }: SinkPorts) {
  return { SMTP_URL: `smtp://127.0.0.1:${smtpPort}`, TWILIO_BASE_URL: `http://127.0.0.1:${smsPort}` };
}
