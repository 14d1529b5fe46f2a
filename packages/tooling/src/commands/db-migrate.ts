import { loadConfig } from "@reminder-app/platform/config";
import { migrateDatabase } from "@reminder-app/db/migrate";

const { DATABASE_URL, MIGRATION_DATABASE_URL } = loadConfig();
await migrateDatabase(MIGRATION_DATABASE_URL ?? DATABASE_URL);
console.log("The database has the newest schema");
