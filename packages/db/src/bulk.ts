import { type Column, type SQL, getTableColumns, sql } from "drizzle-orm";
import type { MySqlTable } from "drizzle-orm/mysql-core";

/** `column in (…)` with all values as one parameter, which the driver writes out: a statement of constant size to build. */
export function isOneOf(column: Column, values: readonly unknown[]): SQL {
  if (values.length === 0) return sql`false`;
  return sql`${column} in (${sql.param(values.map((value) => column.mapToDriverValue(value)))})`;
}

/**
 * `insert into … values …` for many rows as one parameter. All rows have the keys of the first. Drizzle's own insert
 * builds a piece of SQL for every single value.
 */
export function insertRows<Table extends MySqlTable>(table: Table, rows: readonly Table["$inferInsert"][]): SQL {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => rows[0] && key in rows[0]);
  const names = sql.raw(columns.map(([, column]) => `\`${column.name}\``).join(", "));
  const values = (rows as readonly Record<string, unknown>[]).map((row) =>
    columns.map(([key, column]) => {
      const value = row[key];
      return value === null || value === undefined ? null : column.mapToDriverValue(value);
    }),
  );
  return sql`insert into ${table} (${names}) values ${sql.param(values)}`;
}
