import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { clientTags } from "@reminder-app/db/schema/imports";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type ClientTag = Omit<typeof clientTags.$inferSelect, "businessId">;

/** Which client has which tag. Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function clientTagRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(clientTags.businessId, businessId), withinReach(scope, clientTags.clientId));

  /** The tags of some clients, by client. */
  async function listOf(clientIds: readonly Id<"Client">[]): Promise<Map<Id<"Client">, string[]>> {
    const rows = await db
      .select({ clientId: clientTags.clientId, tag: clientTags.tag })
      .from(clientTags)
      .where(and(mine, isOneOf(clientTags.clientId, clientIds)))
      .orderBy(asc(clientTags.tag));
    const byClient = Map.groupBy(rows, ({ clientId }) => clientId);
    return new Map([...byClient].map(([clientId, own]) => [clientId, own.map(({ tag }) => tag)]));
  }

  /** Tags that a client has already, in whatever case, stay as they are. */
  async function addMissing(rows: readonly ClientTag[]): Promise<void> {
    if (rows.length === 0) return;
    const insert = insertRows(
      clientTags,
      rows.map((row) => ({ ...row, businessId })),
    );
    await db.execute(sql`${insert} on duplicate key update tag = tag`);
  }

  return { listOf, addMissing };
}
