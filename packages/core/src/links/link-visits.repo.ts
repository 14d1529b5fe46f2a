import { type LinkUse, linkVisits } from "@reminder-app/db/schema/documents";
import type { Id } from "@reminder-app/platform/ids";
import { and, count, desc, eq, gte, lt } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type LinkVisit = typeof linkVisits.$inferSelect;
export type NewLinkVisit = Omit<typeof linkVisits.$inferInsert, "businessId">;

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function linkVisitRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(linkVisits.businessId, businessId), withinReach(scope, linkVisits.clientId));

  async function insert(visit: NewLinkVisit): Promise<void> {
    await db.insert(linkVisits).values({ ...visit, businessId });
  }

  /** The newest first. */
  async function page(
    linkId: Id<"ClientLink">,
    { limit, cursor }: { limit: number; cursor?: Id<"LinkVisit"> | undefined },
  ): Promise<LinkVisit[]> {
    return db
      .select()
      .from(linkVisits)
      .where(and(mine, eq(linkVisits.linkId, linkId), cursor && lt(linkVisits.id, cursor)))
      .orderBy(desc(linkVisits.id))
      .limit(limit + 1);
  }

  async function countSince(linkId: Id<"ClientLink">, use: LinkUse, since: Date): Promise<number> {
    const [row] = await db
      .select({ found: count() })
      .from(linkVisits)
      .where(and(mine, eq(linkVisits.linkId, linkId), eq(linkVisits.use, use), gte(linkVisits.createdAt, since)));
    return row?.found ?? 0;
  }

  /** Delete at most `limit` of those that were before. Answers how many. */
  async function forget(before: Date, limit: number): Promise<number> {
    const [{ affectedRows }] = await db
      .delete(linkVisits)
      .where(and(eq(linkVisits.businessId, businessId), lt(linkVisits.createdAt, before)))
      .limit(limit);
    return affectedRows;
  }

  return { insert, page, countSince, forget };
}
