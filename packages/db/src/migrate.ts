import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/mysql2";
import { migrate } from "drizzle-orm/mysql2/migrator";
import { createConnection } from "mysql2/promise";

const LOCK = "reminder-app-migrate";
const LOCK_WAIT_SECONDS = 120;
const folder = fileURLToPath(new URL("../../../drizzle", import.meta.url));

/** Bring the database to the newest schema. Processes that start together wait for each other. */
export async function migrateDatabase(url: string): Promise<void> {
  const connection = await createConnection({ uri: url.replace(/^mariadb:/, "mysql:"), timezone: "Z" });
  try {
    const [rows] = await connection.query("select get_lock(?, ?) as locked", [LOCK, LOCK_WAIT_SECONDS]);
    const [row] = rows as [{ locked: number | null }];
    if (row.locked !== 1) throw new Error(`Another process has been migrating for over ${LOCK_WAIT_SECONDS} s`);
    await migrate(drizzle({ client: connection }), { migrationsFolder: folder });
  } finally {
    await connection.end();
  }
}
