import type { Pool } from "mysql2/promise";

const MIGRATIONS = "__drizzle_migrations";
const rights: Readonly<Record<string, string>> = {
  // What was done stays: not even the application can change or remove it.
  audit_events: "select, insert",
  audit_heads: "select, insert, update",
  [MIGRATIONS]: "select",
};

/**
 * The statements that give `user` what the API and the workers need, and no more: rows of each table, nothing of the
 * schema. `user` is as in `create user`, such as `'reminders'@'10.0.%'`. To be given again after a migration.
 */
export async function grantsFor(pool: Pool, user: string): Promise<string[]> {
  const [rows] = await pool.query(
    "select table_schema as place, table_name as name from information_schema.tables where table_schema = database() order by 2",
  );
  return (rows as { place: string; name: string }[]).map(
    ({ place, name }) =>
      `grant ${rights[name] ?? "select, insert, update, delete"} on \`${place}\`.\`${name}\` to ${user};`,
  );
}
