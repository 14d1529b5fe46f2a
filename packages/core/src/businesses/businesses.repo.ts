import { type BusinessMode, businesses } from "@reminder-app/db/schema/businesses";
import { NotFoundError } from "@reminder-app/platform/errors";
import { and, eq, isNull } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Business = typeof businesses.$inferSelect;
export type BusinessChange = Partial<Omit<typeof businesses.$inferInsert, "id" | "createdAt">>;

export function businessRepo({ db, businessId }: Scope) {
  const mine = eq(businesses.id, businessId);

  async function get(): Promise<Business> {
    const [row] = await db.select().from(businesses).where(mine);
    if (!row) throw new NotFoundError("Business", businessId);
    return row;
  }

  /** The row, locked until the transaction ends: changes of it take turns. */
  async function lock(): Promise<Business> {
    const [row] = await db.select().from(businesses).where(mine).for("update");
    if (!row) throw new NotFoundError("Business", businessId);
    return row;
  }

  async function mode(): Promise<BusinessMode | undefined> {
    const [row] = await db.select({ mode: businesses.mode }).from(businesses).where(mine);
    return row?.mode;
  }

  /** What of the business decides when its reminders are due. */
  async function scheduleDefaults(): Promise<Pick<Business, "holidayCalendar" | "dailyMessageAt">> {
    const { holidayCalendar, dailyMessageAt } = businesses;
    const [row] = await db.select({ holidayCalendar, dailyMessageAt }).from(businesses).where(mine);
    if (!row) throw new NotFoundError("Business", businessId);
    return row;
  }

  async function insert(business: Omit<typeof businesses.$inferInsert, "id">): Promise<void> {
    await db.insert(businesses).values({ ...business, id: businessId });
  }

  /** Where the clock of a test business stands. One that has none yet is set to `now`. */
  async function testClock(now: Date): Promise<Date> {
    const [row] = await db.select({ clockAt: businesses.clockAt }).from(businesses).where(mine);
    if (row?.clockAt) return row.clockAt;
    await db
      .update(businesses)
      .set({ clockAt: now })
      .where(and(mine, isNull(businesses.clockAt)));
    return (await get()).clockAt ?? now;
  }

  async function update(change: BusinessChange): Promise<void> {
    await db.update(businesses).set(change).where(mine);
  }

  return { get, lock, mode, scheduleDefaults, insert, update, testClock };
}
