import type { DbOrTransaction } from "@reminder-app/db/database";
import { isDuplicateKey } from "@reminder-app/db/faults";
import { throttles } from "@reminder-app/db/schema/access";
import { HOUR_MS, after } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import { type SQL, and, eq, gt, inArray, isNull, lt, lte, min, or, sql } from "drizzle-orm";

/** So many failures are free; each further one doubles the wait, up to a quarter of an hour. */
const FREE_FAILURES = 5;
const LONGEST_WAIT_SECONDS = 900;
/** A counter begins anew when it has seen no failure for so long. */
const DECAY_MS = HOUR_MS;
const TRIES = 5;

export type Throttle = typeof throttles.$inferSelect;

/** Counters in MySQL, so that all processes share them. Keys are keyed hashes: no address or e-mail is stored. */
export function throttleRepo(db: DbOrTransaction) {
  async function find(keyHash: Buffer): Promise<Throttle | undefined> {
    const [row] = await db.select().from(throttles).where(eq(throttles.keyHash, keyHash));
    return row;
  }

  /** Insert a row; false when it is there already. */
  async function insert(row: typeof throttles.$inferInsert): Promise<boolean> {
    try {
      await db.insert(throttles).values(row);
      return true;
    } catch (thrown) {
      if (isDuplicateKey(thrown)) return false;
      throw thrown;
    }
  }

  /**
   * Count an attempt as failed before it is made, so that attempts side by side cannot outrun the count. Answers
   * undefined when it may be made, or else until when none may.
   */
  async function charge(keyHash: Buffer, now: Date): Promise<Date | undefined> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      // One statement compares and counts: of many at once only as many pass as are free.
      const [{ affectedRows }] = await db
        .update(throttles)
        .set(afterFailure(now))
        .where(and(eq(throttles.keyHash, keyHash), isOpen(now)));
      if (affectedRows === 1) return undefined;
      const row = await find(keyHash);
      if (row?.blockedUntil && row.blockedUntil > now) return row.blockedUntil;
      if (!row && (await insert({ keyHash, count: 1, since: now, updatedAt: now }))) return undefined;
    }
    throw new AppError("busy", "Too many attempts at this moment; try again in a few seconds");
  }

  /** Take back what {@link charge} counted at `chargedAt`: the attempt did not fail. */
  async function refund(keyHash: Buffer, chargedAt: Date): Promise<void> {
    const { count, blockedUntil, updatedAt } = throttles;
    const isOurs = sql`${updatedAt} = ${sql.param(chargedAt, updatedAt)}`;
    await db
      .update(throttles)
      .set({ blockedUntil: sql`if(${isOurs}, null, ${blockedUntil})`, count: sql`greatest(${count} - 1, 0)` })
      .where(eq(throttles.keyHash, keyHash));
  }

  async function clear(keyHash: Buffer): Promise<void> {
    await db.delete(throttles).where(eq(throttles.keyHash, keyHash));
  }

  /** Keep that something was seen at `now`; its row counts nothing. */
  async function mark(keyHash: Buffer, now: Date): Promise<void> {
    await db
      .insert(throttles)
      .values({ keyHash, count: 0, since: now, updatedAt: now })
      .onDuplicateKeyUpdate({ set: { updatedAt: now } });
  }

  /** Take one of the places `keyHashes` until `until`. Answers undefined, or when the next one is free. */
  async function takePlace(keyHashes: readonly Buffer[], now: Date, until: Date): Promise<Date | undefined> {
    const places = inArray(throttles.keyHash, [...keyHashes]);
    for (let tried = 0; tried < TRIES; tried += 1) {
      const [{ affectedRows }] = await db
        .update(throttles)
        .set({ blockedUntil: until, count: sql`${throttles.count} + 1`, updatedAt: now })
        .where(and(places, isOpen(now)))
        .limit(1);
      if (affectedRows === 1) return undefined;
      const rows = await db.select({ keyHash: throttles.keyHash }).from(throttles).where(places);
      const missing = keyHashes.find((key) => !rows.some(({ keyHash }) => keyHash.equals(key)));
      if (!missing) return nextFree(places, now);
      const row = { keyHash: missing, count: 1, since: now, blockedUntil: until, updatedAt: now };
      if (await insert(row)) return undefined;
    }
    throw new AppError("busy", "Too many attempts at this moment; try again in a few seconds");
  }

  async function nextFree(places: SQL, now: Date): Promise<Date> {
    const [row] = await db
      .select({ at: min(throttles.blockedUntil) })
      .from(throttles)
      .where(and(places, gt(throttles.blockedUntil, now)));
    return row?.at ?? now;
  }

  /** Delete counters that were last used before `counted`, and marks that were last seen before `marked`. */
  async function deleteOld(before: { counted: Date; marked: Date }, limit: number): Promise<number> {
    const [{ affectedRows }] = await db
      .delete(throttles)
      .where(
        or(
          and(gt(throttles.count, 0), lt(throttles.updatedAt, before.counted)),
          lt(throttles.updatedAt, before.marked),
        ),
      )
      .limit(limit);
    return affectedRows;
  }

  return { find, charge, refund, clear, mark, takePlace, deleteOld };
}

const isOpen = (now: Date) => or(isNull(throttles.blockedUntil), lte(throttles.blockedUntil, now));

/**
 * What one more failure makes of a counter. A statement assigns its columns from left to right, as the table has them:
 * `blocked_until` sees the new count, and all see when the counter was last used.
 */
function afterFailure(now: Date) {
  const { count, since, updatedAt } = throttles;
  const at = sql`cast(${sql.param(now, updatedAt)} as datetime(3))`;
  const isStale = lte(updatedAt, after(now, -DECAY_MS));
  const wait = sql`least(${LONGEST_WAIT_SECONDS}, pow(2, least(${count} - ${FREE_FAILURES}, 10)))`;
  return {
    count: sql`if(${isStale}, 1, ${count} + 1)`,
    since: sql`if(${isStale}, ${at}, ${since})`,
    blockedUntil: sql`if(${count} < ${FREE_FAILURES}, null, timestampadd(second, ${wait}, ${at}))`,
    updatedAt: now,
  };
}
