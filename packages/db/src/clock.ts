import type { Clock } from "@reminder-app/platform/clock";
import { sql } from "drizzle-orm";
import type { Db } from "./database.ts";

const RESYNC_MS = 30_000;

/** An answer that took longer says too little about when it was given: the process or the database stood still. */
const SLOWEST_MS = 250;
const TRIES = 20;

/**
 * The database's clock, so that all processes agree about what is due. It is compared with the machine's own
 * at the start and every half minute; between comparisons the machine's clock runs on.
 */
export async function startDatabaseClock(db: Db): Promise<{ now: Clock; stop: () => void }> {
  let offsetMs = await firstOffset(db);
  const timer = setInterval(() => {
    measureOffset(db).then(
      (measured) => {
        if (measured.tookMs <= SLOWEST_MS) offsetMs = measured.offsetMs;
      },
      () => {}, // the last offset stands while the database is away
    );
  }, RESYNC_MS).unref();
  return { now: () => new Date(Date.now() + offsetMs), stop: () => clearInterval(timer) };
}

/** The offset by the quickest of some answers; the first quick one will do. */
async function firstOffset(db: Db): Promise<number> {
  let best = await measureOffset(db);
  for (let tried = 1; tried < TRIES && best.tookMs > SLOWEST_MS; tried += 1) {
    const measured = await measureOffset(db);
    if (measured.tookMs < best.tookMs) best = measured;
  }
  return best.offsetMs;
}

async function measureOffset(db: Db): Promise<{ offsetMs: number; tookMs: number }> {
  const before = Date.now();
  const [rows] = await db.execute(sql`select cast(unix_timestamp(now(3)) * 1000 as signed) as at`);
  const after = Date.now();
  const [row] = rows as unknown as [{ at: number | string }];
  return { offsetMs: Math.round(Number(row.at) - (before + after) / 2), tookMs: after - before };
}
