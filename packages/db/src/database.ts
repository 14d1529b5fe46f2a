import { type MySql2Database, drizzle } from "drizzle-orm/mysql2";
import { type Pool, createPool } from "mysql2/promise";

export type Db = MySql2Database;
/** The pool, or the transaction that a verb runs in. */
export type DbOrTransaction = Pick<
  Db,
  "select" | "selectDistinct" | "insert" | "update" | "delete" | "execute" | "transaction"
>;

export interface Database {
  readonly db: Db;
  readonly pool: Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly connections: number;
}

/** A pool whose sessions run in UTC and READ COMMITTED, as the claims need. Connects when first used. */
export function openDatabase({ url, connections }: DatabaseOptions): Database {
  const pool = createPool({
    uri: url.replace(/^mariadb:/, "mysql:"),
    connectionLimit: connections,
    connectTimeout: 5_000,
    enableKeepAlive: true,
    timezone: "Z",
    charset: "utf8mb4_unicode_ci",
    supportBigNumbers: true,
    // A stack for each query, kept in case it fails, costs more than a small query.
    trace: false,
  });
  pool.pool.on("connection", (connection) => {
    connection.query("SET SESSION time_zone = '+00:00', SESSION innodb_lock_wait_timeout = 20");
    connection.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  });
  return { db: drizzle({ client: pool }), pool, close: () => pool.end() };
}
