import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { type ChecklistState, checklistItems } from "@reminder-app/db/schema/documents";
import { assignments } from "@reminder-app/db/schema/reminders";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, exists, inArray, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type ChecklistItem = typeof checklistItems.$inferSelect;
export type NewChecklistItem = Omit<typeof checklistItems.$inferInsert, "businessId">;

/** What the client is asked for. */
export const openItemStates: ChecklistState[] = ["missing", "rejected"];

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function checklistRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(checklistItems.businessId, businessId), isWithinReach(scope));

  /** Of some assignments, each in its own order. */
  async function ofAssignments(ids: readonly Id<"Assignment">[]): Promise<ChecklistItem[]> {
    return db
      .select()
      .from(checklistItems)
      .where(and(mine, isOneOf(checklistItems.assignmentId, ids)))
      .orderBy(asc(checklistItems.assignmentId), asc(checklistItems.position), asc(checklistItems.id));
  }

  /** All items of an assignment, locked until the transaction ends. */
  async function lockAll(assignmentId: Id<"Assignment">): Promise<ChecklistItem[]> {
    return db
      .select()
      .from(checklistItems)
      .where(and(mine, eq(checklistItems.assignmentId, assignmentId)))
      .orderBy(asc(checklistItems.position), asc(checklistItems.id))
      .for("update");
  }

  async function get(id: Id<"ChecklistItem">): Promise<ChecklistItem> {
    const [row] = await db
      .select()
      .from(checklistItems)
      .where(and(mine, eq(checklistItems.id, id)));
    if (!row) throw new NotFoundError("Checklist item", id);
    return row;
  }

  /** What an assignment still lacks, in its order. */
  async function missing(assignmentId: Id<"Assignment">): Promise<ChecklistItem[]> {
    return db
      .select()
      .from(checklistItems)
      .where(and(mine, eq(checklistItems.assignmentId, assignmentId), inArray(checklistItems.state, openItemStates)))
      .orderBy(asc(checklistItems.position), asc(checklistItems.id));
  }

  /** Which assignments are stored: a period that was open already is not made again. */
  async function storedOf(ids: readonly Id<"Assignment">[]): Promise<ReadonlySet<Id<"Assignment">>> {
    const rows = await db
      .select({ id: assignments.id })
      .from(assignments)
      .where(and(eq(assignments.businessId, businessId), isOneOf(assignments.id, ids)));
    return new Set(rows.map(({ id }) => id));
  }

  async function insertMany(rows: readonly NewChecklistItem[]): Promise<void> {
    if (rows.length === 0) return;
    await db.execute(
      insertRows(
        checklistItems,
        rows.map((row) => ({ ...row, businessId })),
      ),
    );
  }

  async function update(id: Id<"ChecklistItem">, change: Partial<NewChecklistItem>): Promise<void> {
    await db
      .update(checklistItems)
      .set(change)
      .where(and(mine, eq(checklistItems.id, id)));
  }

  return { ofAssignments, lockAll, get, missing, storedOf, insertMany, update };
}

/** Items name no client; their assignments do. */
function isWithinReach(scope: Scope) {
  if (scope.clientsOf === undefined) return undefined;
  return exists(
    scope.db
      .select({ one: sql`1` })
      .from(assignments)
      .where(
        and(
          eq(assignments.businessId, checklistItems.businessId),
          eq(assignments.id, checklistItems.assignmentId),
          withinReach(scope, assignments.clientId),
        ),
      ),
  );
}
