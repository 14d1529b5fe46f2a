import type { Socket } from "node:net";
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
  /** How long a statement may be without an answer, locks included, before it fails as when the database is away. */
  readonly longestSilenceMs?: number;
}

const LOCK_WAIT_SECONDS = 20;

/** A pool whose sessions run in UTC and READ COMMITTED, as the claims need. Connects when first used. */
export function openDatabase({ url, connections, longestSilenceMs }: DatabaseOptions): Database {
  // A lock that stays is told as such before it counts as silence.
  const lockWaitSeconds = longestSilenceMs ? Math.floor(longestSilenceMs / 1_200) : LOCK_WAIT_SECONDS;
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
    if (longestSilenceMs)
      cutWhenSilent((connection as unknown as { readonly stream: Socket }).stream, longestSilenceMs);
    connection.query(`SET SESSION time_zone = '+00:00', SESSION innodb_lock_wait_timeout = ${lockWaitSeconds}`);
    connection.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
  });
  return { db: drizzle({ client: pool }), pool, close: () => pool.end() };
}

/**
 * Break a connection on which something was asked and nothing came for too long. Whoever waits gets an error, the pool
 * a new connection, and the database rolls back. Idle ones, on which nothing was asked, stay.
 */
function cutWhenSilent(socket: Socket, longestMs: number): void {
  let answeredUpTo = socket.bytesWritten;
  socket.on("data", () => {
    answeredUpTo = socket.bytesWritten;
  });
  socket.setTimeout(longestMs, () => {
    if (socket.bytesWritten === answeredUpTo) return;
    socket.destroy(Object.assign(new Error(`The database was silent for ${longestMs} ms`), { code: "ETIMEDOUT" }));
  });
}
