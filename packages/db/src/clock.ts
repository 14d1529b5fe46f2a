import type { Clock } from "@reminder-app/platform/clock";
import { sql } from "drizzle-orm";
import type { Db } from "./database.ts";

const RESYNC_MS = 30_000;

/**
 * The database's clock, so that all processes agree about what is due. It is compared with the machine's own
 * at the start and every half minute; between comparisons the machine's clock runs on.
 */
export async function startDatabaseClock(db: Db): Promise<{ now: Clock; stop: () => void }> {
  let offsetMs = await measureOffset(db);
  const timer = setInterval(() => {
    measureOffset(db).then(
      (measured) => (offsetMs = measured),
      () => {}, // the last offset stands while the database is away
    );
  }, RESYNC_MS).unref();
  return { now: () => new Date(Date.now() + offsetMs), stop: () => clearInterval(timer) };
}

async function measureOffset(db: Db): Promise<number> {
  const before = Date.now();
  const [rows] = await db.execute(sql`select cast(unix_timestamp(now(3)) * 1000 as signed) as at`);
  const after = Date.now();
  const [row] = rows as unknown as [{ at: number | string }];
  return Math.round(Number(row.at) - (before + after) / 2);
}
