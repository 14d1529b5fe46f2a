import { parseArgs } from "node:util";
import { openDatabase } from "@reminder-app/db/database";
import { grantsFor } from "@reminder-app/db/grants";
import { loadConfig } from "@reminder-app/platform/config";

const { values } = parseArgs({ options: { user: { type: "string" } } });

if (!/^'[^'\\]+'@'[^'\\]+'$/.test(values.user ?? "")) {
  console.error("Name the user of the API and the workers as in --user \"'reminders'@'10.0.%'\"");
  process.exitCode = 1;
} else {
  const { DATABASE_URL, MIGRATION_DATABASE_URL } = loadConfig();
  const database = openDatabase({ url: MIGRATION_DATABASE_URL ?? DATABASE_URL, connections: 1 });
  for (const statement of await grantsFor(database.pool, values.user ?? "")) console.log(statement);
  await database.close();
}
