import type { SystemCtx } from "@reminder-app/core/ctx";
import { startDatabaseClock } from "@reminder-app/db/clock";
import { openDatabase } from "@reminder-app/db/database";
import { ConfigError, environmentOver, loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import type { Settings } from "@reminder-app/platform/settings";
import { runningSettings } from "../stack/running.ts";

const CONNECTIONS = 10;

/** Where `npm start` keeps what it runs with. */
const LOCAL = ".local/stack";

/** Run `work` on the database and with the keys of the settings, or of what `npm start` runs here. Faults of settings are told. */
export async function withSystem(work: (system: SystemCtx, settings: Settings) => Promise<void>): Promise<void> {
  const settings = tryLoad();
  if (!settings) return;
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

function tryLoad(): Settings | undefined {
  try {
    return loadConfig(environmentOver(runningSettings(LOCAL)));
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    console.error(`${thrown.message}\nSet them, or run npm start here first`);
    process.exitCode = 1;
    return undefined;
  }
}
