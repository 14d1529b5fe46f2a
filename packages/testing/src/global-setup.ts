import { migrateDatabase } from "@reminder-app/db/migrate";
import { testSettings } from "./test-settings.ts";

/** Once for a run: bring the database that the runner started to the newest schema. */
export async function setup(): Promise<void> {
  await migrateDatabase(testSettings().DATABASE_URL);
}
