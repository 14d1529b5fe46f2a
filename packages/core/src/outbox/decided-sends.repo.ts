import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { decidedSends } from "@reminder-app/db/schema/deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, getTableColumns, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type DecidedSend = Omit<typeof decidedSends.$inferSelect, "businessId">;

/** A send that is still to come, or was: an assignment, and the moment's name among those of its reminder. */
export type SendKey = Pick<DecidedSend, "assignmentId" | "slotKey">;

/** Every query below is limited to `businessId`; whoever calls has the assignments within reach. */
export function decidedSendRepo({ db, businessId }: Scope) {
  const mine = eq(decidedSends.businessId, businessId);
  const { businessId: _, ...columns } = getTableColumns(decidedSends);

  /** What was decided about sends of some assignments, by {@link sendName}. */
  async function ofAssignments(ids: readonly Id<"Assignment">[]): Promise<ReadonlyMap<string, DecidedSend>> {
    if (ids.length === 0) return new Map();
    const rows = await db
      .select(columns)
      .from(decidedSends)
      .where(and(mine, isOneOf(decidedSends.assignmentId, [...new Set(ids)])));
    return new Map(rows.map((row) => [sendName(row), row]));
  }

  /** Write decisions, each in place of what was decided about its send before. */
  async function put(rows: readonly DecidedSend[]): Promise<void> {
    if (rows.length === 0) return;
    const insert = insertRows(
      decidedSends,
      rows.map((row) => ({ ...row, businessId })),
    );
    await db.execute(sql`${insert} on duplicate key update decision = values(decision), subject = values(subject),
      body = values(body), decided_by = values(decided_by), decided_at = values(decided_at)`);
  }

  return { ofAssignments, put };
}

/** One send among all, as a key of maps. */
export function sendName({ assignmentId, slotKey }: SendKey): string {
  return `${assignmentId} ${slotKey}`;
}
