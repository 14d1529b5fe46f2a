import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { clients } from "@reminder-app/db/schema/clients";
import { clientTags } from "@reminder-app/db/schema/imports";
import { assignments } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, count, eq, gt, inArray, isNull, min, notExists, sql } from "drizzle-orm";
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

  async function remove(clientId: Id<"Client">, tags: readonly string[]): Promise<void> {
    if (tags.length === 0) return;
    await db.delete(clientTags).where(and(mine, eq(clientTags.clientId, clientId), inArray(clientTags.tag, [...tags])));
  }

  /** How some tags are written already, each looked up by itself: however many clients have it, one row is read. */
  async function spellings(tags: readonly string[]): Promise<string[]> {
    if (tags.length === 0) return [];
    const each = tags.map((tag) => {
      const named = and(eq(clientTags.businessId, businessId), eq(clientTags.tag, tag));
      return sql`(select tag from ${clientTags} where ${named} limit 1)`;
    });
    const [rows] = await db.execute(sql.join(each, sql` union all `));
    return (rows as unknown as { tag: string }[]).map(({ tag }) => tag);
  }

  /** Every tag, with how many clients that are not archived have it. */
  async function counts(): Promise<{ readonly tag: string; readonly clients: number }[]> {
    const rows = await db
      .select({ tag: min(clientTags.tag), clients: count() })
      .from(clientTags)
      .innerJoin(clients, and(eq(clients.businessId, clientTags.businessId), eq(clients.id, clientTags.clientId)))
      .where(and(mine, isNull(clients.archivedAt)))
      .groupBy(clientTags.tag)
      .orderBy(asc(clientTags.tag));
    return rows.flatMap(({ tag, clients: number }) => (tag === null ? [] : [{ tag, clients: number }]));
  }

  /** The next clients after `cursor` who have a tag and are not archived. */
  async function clientsWith(
    tag: string,
    { cursor, limit, neverOn }: { cursor?: Id<"Client"> | undefined; limit: number; neverOn?: Id<"Reminder"> },
  ): Promise<Id<"Client">[]> {
    const were = db
      .select({ one: sql`1` })
      .from(assignments)
      .where(
        and(
          eq(assignments.businessId, clientTags.businessId),
          neverOn && eq(assignments.reminderId, neverOn),
          eq(assignments.clientId, clientTags.clientId),
        ),
      );
    const rows = await db
      .select({ id: clientTags.clientId })
      .from(clientTags)
      .innerJoin(clients, and(eq(clients.businessId, clientTags.businessId), eq(clients.id, clientTags.clientId)))
      .where(
        and(
          mine,
          eq(clientTags.tag, tag),
          isNull(clients.archivedAt),
          cursor && gt(clientTags.clientId, cursor),
          neverOn && notExists(were),
        ),
      )
      .orderBy(asc(clientTags.clientId))
      .limit(limit);
    return rows.map(({ id }) => id);
  }

  return { listOf, addMissing, remove, spellings, counts, clientsWith };
}
