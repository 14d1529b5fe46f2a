import { loadConfig } from "@reminder-app/platform/config";
import { migrateDatabase } from "@reminder-app/db/migrate";

await migrateDatabase(loadConfig().DATABASE_URL);
console.log("The database has the newest schema");
