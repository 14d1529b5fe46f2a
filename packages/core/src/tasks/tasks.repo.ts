import { isOneOf } from "@reminder-app/db/bulk";
import { type TaskKind, type TaskState, tasks } from "@reminder-app/db/schema/tasks";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

export type Task = typeof tasks.$inferSelect;
export type NewTask = Omit<typeof tasks.$inferInsert, "businessId">;

export interface TaskFilter {
  readonly state?: TaskState | undefined;
  readonly kind?: TaskKind | undefined;
  readonly clientId?: Id<"Client"> | undefined;
}

/** Every query below is limited to `businessId`, and what is read to the clients within reach; there is no unscoped way in. */
export function taskRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(tasks.businessId, businessId), withinReach(scope, tasks.clientId));
  const one = (id: Id<"Task">) => and(mine, eq(tasks.id, id));

  /** The row, locked until the transaction ends. */
  async function lock(id: Id<"Task">): Promise<Task> {
    const [row] = await db.select().from(tasks).where(one(id)).for("update");
    if (!row) throw new NotFoundError("Task", id);
    return row;
  }

  async function findOpen(kind: TaskKind, openSubject: string): Promise<Task | undefined> {
    const [row] = await db
      .select()
      .from(tasks)
      .where(and(mine, eq(tasks.kind, kind), eq(tasks.openSubject, openSubject)));
    return row;
  }

  /** The newest first. */
  async function page(
    { state, kind, clientId }: TaskFilter,
    { limit, cursor }: { limit: number; cursor?: Id<"Task"> | undefined },
  ): Promise<Task[]> {
    return db
      .select()
      .from(tasks)
      .where(
        and(
          mine,
          state && eq(tasks.state, state),
          kind && eq(tasks.kind, kind),
          clientId && eq(tasks.clientId, clientId),
          cursor && lt(tasks.id, cursor),
        ),
      )
      .orderBy(desc(tasks.id))
      .limit(limit + 1);
  }

  /** Where a task for the same subject is open, it counts what is added to it. */
  async function open(rows: readonly NewTask[]): Promise<void> {
    if (rows.length === 0) return;
    await db
      .insert(tasks)
      .values(rows.map((row) => ({ ...row, businessId })))
      .onDuplicateKeyUpdate({
        set: { count: sql`${tasks.count} + values(count)`, updatedAt: sql`values(updated_at)` },
      });
  }

  /** Which of `ids` are stored. */
  async function existing(ids: readonly Id<"Task">[]): Promise<ReadonlySet<Id<"Task">>> {
    const rows = await db
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(mine, isOneOf(tasks.id, ids)));
    return new Set(rows.map(({ id }) => id));
  }

  async function update(id: Id<"Task">, change: Partial<NewTask>): Promise<void> {
    await db.update(tasks).set(change).where(one(id));
  }

  return { lock, findOpen, page, open, existing, update };
}
