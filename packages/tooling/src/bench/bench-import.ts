import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ctx, actFor } from "@reminder-app/core/ctx";
import { StartImportQuery } from "@reminder-app/core/imports/import-options";
import { getImport } from "@reminder-app/core/imports/page-imports";
import { startImport } from "@reminder-app/core/imports/start-import";
import { loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import { newId } from "@reminder-app/platform/ids";
import type { BenchSetting } from "./bench-setting.ts";
import { insertBusiness } from "./business-under-test.ts";
import { filesOnDisk } from "./files-on-disk.ts";
import type { MeasuredProcess } from "./measured-process.ts";
import { type BenchResult, type Sample, measurePairs, round, summarise } from "./pairs.ts";

const ROWS = 100_000;
/** A file by which it shows whether memory grows with the rows. */
const FEW_ROWS = 10_000;
const BY_HAND = "packages/tooling/src/bench/processes/import-by-hand.ts";
const PRODUCT = "packages/tooling/src/bench/processes/run-import.ts";

/** A pair's figures are for each row; `peakMb` is the most memory of the product's process, with many rows and with few. */
export interface ImportResult extends BenchResult {
  readonly rows: number;
  readonly peakMb: number;
  readonly fewRowsPeakMb: number;
}

interface Ran {
  readonly seconds: number;
  readonly peakKb: number;
}

/** T11: 100,000 clients from a CSV file, against csv-parse and batched inserts by hand. */
export async function benchImport(
  setting: BenchSetting,
  { id, pairs }: { id: string; pairs: number },
): Promise<ImportResult> {
  const folder = mkdtempSync(join(tmpdir(), "reminder-app-bench-import-"));
  const many = writeClients(folder, ROWS);
  const few = writeClients(folder, FEW_ROWS);
  const extra = { FILES_FOLDER: folder };
  const env = { ...setting.env, ...extra };
  try {
    const byHand = await setting.start<unknown>(BY_HAND);
    const small = await setting.start<unknown>(PRODUCT, extra);
    const fewRows = await importBy(setting, { child: small, env, path: few, rows: FEW_ROWS });
    await small.stop();
    const product = await setting.start<unknown>(PRODUCT, extra);
    let peakKb = 0;
    const measured = await measurePairs(
      {
        floor: async () => sampleOf(byHand, ROWS, async () => handOver(byHand, await newBusiness(setting, env), many)),
        async product() {
          const ran = await importBy(setting, { child: product, env, path: many, rows: ROWS });
          peakKb = Math.max(peakKb, ran.peakKb);
          return ran.sample;
        },
      },
      pairs,
    );
    await Promise.all([byHand.stop(), product.stop()]);
    const mb = (kb: number) => round(kb / 1_024, 0);
    return { ...summarise(id, measured), rows: ROWS, peakMb: mb(peakKb), fewRowsPeakMb: mb(fewRows.peakKb) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Imported {
  readonly child: MeasuredProcess<unknown>;
  readonly env: BenchSetting["env"];
  readonly path: string;
  readonly rows: number;
}

async function importBy(setting: BenchSetting, { child, env, path, rows }: Imported) {
  const ctx = await newBusiness(setting, env);
  const files = filesOnDisk(env["FILES_FOLDER"] ?? "");
  const content = createReadStream(path);
  const { id: importId } = await startImport(ctx, StartImportQuery.parse({ dryRun: false }), { files, content });
  let peakKb = 0;
  const sample = await sampleOf(child, rows, async () => {
    const ran = await child.tell<Ran>({ importId, businessId: ctx.businessId });
    peakKb = ran.peakKb;
    return ran;
  });
  const { created } = await getImport(ctx, importId);
  if (created !== rows) throw new Error(`${rows} clients were to be imported, and ${created} were`);
  return { sample, peakKb };
}

function handOver(child: MeasuredProcess<unknown>, { businessId }: Ctx, path: string): Promise<Ran> {
  return child.tell<Ran>({ path, businessId });
}

async function sampleOf(child: MeasuredProcess<unknown>, rows: number, run: () => Promise<Ran>): Promise<Sample> {
  const before = await child.cpuUs();
  const { seconds } = await run();
  return { cpuUs: ((await child.cpuUs()) - before) / rows, rate: rows / seconds };
}

async function newBusiness({ business }: BenchSetting, env: BenchSetting["env"]): Promise<Ctx> {
  const { ENCRYPTION_KEYS, LOOKUP_KEYS } = loadConfig({ ...env });
  const vault = createVault({ encryptionKeys: ENCRYPTION_KEYS, lookupKeys: LOOKUP_KEYS });
  const ctx = actFor({ db: business.db, vault, now: () => new Date() }, newId(), "bench");
  await insertBusiness(ctx, "Ledger & Imports");
  return ctx;
}

function writeClients(folder: string, rows: number): string {
  const lines = Array.from({ length: rows }, (_, at) => {
    const phone = `+447${String(400_000_000 + at)}`;
    return `Client ${at} Ltd,C-${at},Ada Number${at},client${at}@bench.example,${phone},tag ${at % 20}`;
  });
  const path = join(folder, `${rows}.csv`);
  writeFileSync(path, `name,code,contact,email,phone,tags\n${lines.join("\n")}\n`);
  return path;
}
