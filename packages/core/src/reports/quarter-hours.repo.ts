import { type Column, sql } from "drizzle-orm";

const QUARTER_MS = 900_000;

/** Which quarter of an hour an instant lies in, so that rows are few: all zones are whole quarters apart. */
export function quarterOf(at: Column) {
  return sql<Date>`floor(unix_timestamp(${at}) / 900)`
    .mapWith((quarter: number | string) => new Date(Number(quarter) * QUARTER_MS))
    .as("quarter");
}

/** To group by what {@link quarterOf} selects. */
export const byQuarter = sql`quarter`;
