import type { TaskKind } from "@reminder-app/db/schema/tasks";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, actorName, inTransaction, requireRole } from "../ctx.ts";
import { type Task, taskRepo } from "./tasks.repo.ts";

/** Note that a task was dealt with; what comes up for its subject later opens a new one. Closing it again changes nothing. */
export async function closeTask(ctx: Ctx, id: Id<"Task">): Promise<Task> {
  requireRole(ctx, "staff", "close tasks");
  return inTransaction(ctx, async (tx) => {
    const task = await taskRepo(tx).lock(id);
    if (task.state === "closed") return task;
    const now = tx.now();
    const change = {
      state: "closed" as const,
      openSubject: null,
      closedAt: now,
      closedBy: actorName(tx.actor),
      updatedAt: now,
    };
    await taskRepo(tx).update(id, change);
    await recordAudit(tx, "task.closed", { entityId: id, kind: task.kind, count: task.count });
    return { ...task, ...change };
  });
}

/** The same for the one that is open about a subject; does nothing where there is none. */
export async function closeTaskAbout(tx: Ctx, kind: TaskKind, subject: string): Promise<void> {
  const task = await taskRepo(tx).findOpen(kind, subject);
  if (task) await closeTask(tx, task.id);
}
