import type { SystemCtx } from "@reminder-app/core/ctx";
import { startDatabaseClock } from "@reminder-app/db/clock";
import { openDatabase } from "@reminder-app/db/database";
import { loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import type { Settings } from "@reminder-app/platform/settings";

const CONNECTIONS = 10;

/** Run `work` on the database and with the keys of the settings. */
export async function withSystem(work: (system: SystemCtx, settings: Settings) => Promise<void>): Promise<void> {
  const settings = loadConfig();
  const database = openDatabase({ url: settings.DATABASE_URL, connections: CONNECTIONS });
  const clock = await startDatabaseClock(database.db);
  const vault = createVault({ encryptionKeys: settings.ENCRYPTION_KEYS, lookupKeys: settings.LOOKUP_KEYS });
  try {
    await work({ db: database.db, vault, now: clock.now }, settings);
  } finally {
    clock.stop();
    await database.close();
  }
}
