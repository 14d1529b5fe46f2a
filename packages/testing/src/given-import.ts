import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { actFor } from "@reminder-app/core/ctx";
import { StartImportQuery } from "@reminder-app/core/imports/import-options";
import { type ShownImport, getImport } from "@reminder-app/core/imports/page-imports";
import { runImport } from "@reminder-app/core/imports/run-import";
import { type StartedImport, startImport } from "@reminder-app/core/imports/start-import";
import { PageBankLinesQuery, pageBankLines } from "@reminder-app/core/payments/decide-bank-line";
import { createFileStore } from "@reminder-app/files/create-file-store";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { type GivenBusiness, liveSystem } from "./given-business.ts";
import { testSettings } from "./test-settings.ts";

/** Imports of one business take turns. */
const TURN_MS = 20;

/** Where the files of tests lie. */
export const testFiles = createFileStore(testSettings());

/** Take in a file; in earnest unless told otherwise. */
export function takeIn(
  { ctx }: Pick<GivenBusiness, "ctx">,
  file: string | Buffer,
  options: z.input<typeof StartImportQuery> = {},
): Promise<StartedImport> {
  const content = Readable.from([Buffer.from(file as string)]);
  return startImport(ctx, StartImportQuery.parse({ dryRun: false, ...options }), { files: testFiles, content });
}

/** Take in a file and read it to its end, as a worker does. */
export async function importFile(
  shop: Pick<GivenBusiness, "ctx">,
  file: string | Buffer,
  options: z.input<typeof StartImportQuery> = {},
): Promise<ShownImport> {
  const { id } = await takeIn(shop, file, options);
  while ((await runImport(shop.ctx, id, { files: testFiles })) === "later") await sleep(TURN_MS);
  return getImport(shop.ctx, id);
}

/** A line of a statement that waits to be decided about. */
export async function givenBankLine(businessId: string): Promise<string> {
  const ctx = actFor(liveSystem, businessId as Id<"Business">, "test");
  const reference = newId();
  await importFile({ ctx }, `date,amount,currency,reference\n2026-01-31,1.00,GBP,${reference}\n`, { kind: "bank" });
  const { items } = await pageBankLines(ctx, PageBankLinesQuery.parse({ limit: 100 }));
  return items.find(({ text }) => text === reference)?.id ?? "";
}
