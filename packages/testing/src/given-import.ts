import { Readable } from "node:stream";
import { StartImportQuery } from "@reminder-app/core/imports/import-options";
import { type ShownImport, getImport } from "@reminder-app/core/imports/page-imports";
import { runImport } from "@reminder-app/core/imports/run-import";
import { type StartedImport, startImport } from "@reminder-app/core/imports/start-import";
import { createFileStore } from "@reminder-app/files/create-file-store";
import type { z } from "zod";
import type { GivenBusiness } from "./given-business.ts";
import { testSettings } from "./test-settings.ts";

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
  await runImport(shop.ctx, id, { files: testFiles });
  return getImport(shop.ctx, id);
}
