import type { DbOrTransaction } from "@reminder-app/db/database";
import { auditEvents, auditHeads } from "@reminder-app/db/schema/audit";
import { businesses } from "@reminder-app/db/schema/businesses";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, count, eq, gt, isNull } from "drizzle-orm";

export type ChainedEvent = typeof auditEvents.$inferSelect;
export type ChainHead = Pick<typeof auditHeads.$inferSelect, "seq" | "hash">;

/** The audit chains of all businesses; for their verification only. */
export function auditChainsRepo(db: DbOrTransaction) {
  async function businessIds(cursor: Id<"Business"> | undefined, limit: number): Promise<Id<"Business">[]> {
    const rows = await db
      .select({ id: businesses.id })
      .from(businesses)
      .where(cursor && gt(businesses.id, cursor))
      .orderBy(asc(businesses.id))
      .limit(limit);
    return rows.map(({ id }) => id);
  }

  async function eventsAfter(businessId: Id<"Business">, seq: number, limit: number): Promise<ChainedEvent[]> {
    return db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.businessId, businessId), gt(auditEvents.seq, seq)))
      .orderBy(asc(auditEvents.seq))
      .limit(limit);
  }

  async function head(businessId: Id<"Business">): Promise<ChainHead | undefined> {
    const [row] = await db.select().from(auditHeads).where(eq(auditHeads.businessId, businessId));
    return row;
  }

  /** Events from before the chain began. */
  async function countUnchained(businessId: Id<"Business">): Promise<number> {
    const [row] = await db
      .select({ count: count() })
      .from(auditEvents)
      .where(and(eq(auditEvents.businessId, businessId), isNull(auditEvents.seq)));
    return row?.count ?? 0;
  }

  return { businessIds, eventsAfter, head, countUnchained };
}
