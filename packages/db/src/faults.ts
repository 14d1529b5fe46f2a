/** The driver's error code, wherever in the chain of causes it stands. */
function databaseErrorCode(thrown: unknown): string | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ("code" in error && typeof error.code === "string" && "errno" in error) return error.code;
  }
  return undefined;
}

export const isDuplicateKey = (thrown: unknown): boolean => databaseErrorCode(thrown) === "ER_DUP_ENTRY";

const lockLost = new Set(["ER_LOCK_DEADLOCK", "ER_CHECKREAD"]);
/** The transaction was rolled back by the engine and may simply be run again. */
export const isLockLost = (thrown: unknown): boolean => lockLost.has(databaseErrorCode(thrown) ?? "");

const lockBusy = new Set(["ER_LOCK_NOWAIT", "ER_LOCK_WAIT_TIMEOUT"]);
/** `FOR UPDATE NOWAIT` found the row locked (MySQL and MariaDB name it differently), or a wait took too long. */
export const isLockBusy = (thrown: unknown): boolean => lockBusy.has(databaseErrorCode(thrown) ?? "");

const away = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
  "PROTOCOL_ENQUEUE_AFTER_QUIT",
  "ER_SERVER_SHUTDOWN",
  "ER_CON_COUNT_ERROR",
  "ER_NEW_ABORTING_CONNECTION",
  "ER_CONNECTION_KILLED",
  "ER_QUERY_INTERRUPTED",
]);
/** The database cannot be reached now; the same call may pass later. */
export const isDatabaseAway = (thrown: unknown): boolean => {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    if ("code" in error && typeof error.code === "string" && away.has(error.code)) return true;
    if (error.message === "Can't add new command when connection is in closed state") return true;
  }
  return false;
};

/** The same work may pass in a moment: the database is away, or others hold what it needs. */
export const isPassing = (thrown: unknown): boolean =>
  isDatabaseAway(thrown) || isLockLost(thrown) || isLockBusy(thrown);
