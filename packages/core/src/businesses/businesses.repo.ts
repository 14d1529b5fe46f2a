import { businesses } from "@reminder-app/db/schema/businesses";
import { NotFoundError } from "@reminder-app/platform/errors";
import { eq } from "drizzle-orm";
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

  async function insert(business: Omit<typeof businesses.$inferInsert, "id">): Promise<void> {
    await db.insert(businesses).values({ ...business, id: businessId });
  }

  async function update(change: BusinessChange): Promise<void> {
    await db.update(businesses).set(change).where(mine);
  }

  return { get, insert, update };
}
