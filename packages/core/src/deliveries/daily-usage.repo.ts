import { dailyUsage } from "@reminder-app/db/schema/access";
import { sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

/** How much of its day a business has used. Every query below is limited to `businessId`. */
export function dailyUsageRepo({ db, businessId }: Scope) {
  /**
   * Count up to `wanted` messages on a civil day (UTC), as far as `limit` reaches, in one statement: those who count at
   * the same time take turns at the row. Answers how many were counted.
   */
  async function take(day: string, { wanted, limit }: { wanted: number; limit: number }): Promise<number> {
    const { sends } = dailyUsage;
    const [{ insertId: before }] = await db
      .insert(dailyUsage)
      .values({ businessId, day, sends: Math.min(wanted, limit) })
      .onDuplicateKeyUpdate({
        // The answer then carries the sends before; for a new row it carries 0.
        set: { sends: sql`last_insert_id(${sends}) + greatest(0, least(${wanted}, ${limit} - ${sends}))` },
      });
    return Math.max(0, Math.min(wanted, limit - before));
  }

  return { take };
}
