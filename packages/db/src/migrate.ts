import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/mysql2";
import { migrate } from "drizzle-orm/mysql2/migrator";
import { type Connection, createConnection } from "mysql2/promise";

const LOCK = "reminder-app-migrate";
const LOCK_WAIT_SECONDS = 120;
const folder = fileURLToPath(new URL("../../../drizzle", import.meta.url));

/**
 * Bring the database to the newest schema. Processes that start together wait for each other. Where it is the newest
 * already nothing is written, so that a user who may not change the schema can call this too.
 */
export async function migrateDatabase(url: string): Promise<void> {
  const connection = await createConnection({ uri: url.replace(/^mariadb:/, "mysql:"), timezone: "Z" });
  try {
    const [rows] = await connection.query("select get_lock(?, ?) as locked", [LOCK, LOCK_WAIT_SECONDS]);
    const [row] = rows as [{ locked: number | null }];
    if (row.locked !== 1) throw new Error(`Another process has been migrating for over ${LOCK_WAIT_SECONDS} s`);
    if (await isNewest(connection)) return;
    await migrate(drizzle({ client: connection }), { migrationsFolder: folder });
  } finally {
    await connection.end();
  }
}

async function isNewest(connection: Connection): Promise<boolean> {
  const journal = readFileSync(join(folder, "meta/_journal.json"), "utf8");
  const { entries } = JSON.parse(journal) as { entries: readonly { when: number }[] };
  const [tables] = await connection.query("show tables like '\\_\\_drizzle\\_migrations'");
  if ((tables as unknown[]).length === 0) return false;
  const [rows] = await connection.query("select max(created_at) as newest from __drizzle_migrations");
  const [row] = rows as [{ newest: number | string | null }];
  return Number(row.newest) >= (entries.at(-1)?.when ?? 0);
}
