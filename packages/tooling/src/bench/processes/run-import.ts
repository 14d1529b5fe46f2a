// The product's part of T11: what a worker does with the job of an import.
import { environment } from "../../../bootstrap/environment.mjs";
import { actFor } from "@reminder-app/core/ctx";
import { runImport } from "@reminder-app/core/imports/run-import";
import { openDatabase } from "@reminder-app/db/database";
import { loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import type { Id } from "@reminder-app/platform/ids";
import { filesOnDisk } from "../files-on-disk.ts";

interface Order {
  readonly importId: Id<"Import">;
  readonly businessId: Id<"Business">;
}

const settings = loadConfig({ ...environment });
const { db } = openDatabase({ url: settings.DATABASE_URL, connections: 5 });
const vault = createVault({ encryptionKeys: settings.ENCRYPTION_KEYS, lookupKeys: settings.LOOKUP_KEYS });
const files = filesOnDisk(settings.FILES_FOLDER ?? "");

process.on("message", (message: Order | string) => {
  if (typeof message === "object") void run(message);
});
process.once("disconnect", () => process.exit());
process.send?.({ ready: true });

async function run({ importId, businessId }: Order): Promise<void> {
  const startedAt = performance.now();
  await runImport(actFor({ db, vault, now: () => new Date() }, businessId, "import"), importId, { files });
  process.send?.({ seconds: (performance.now() - startedAt) / 1_000, peakKb: process.resourceUsage().maxRSS });
}
