import type { TaskKind } from "@reminder-app/db/schema/tasks";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { emitFound } from "../webhooks/emit-event.ts";
import type { EventData } from "../webhooks/event-types.ts";
import { type NewTask, taskRepo } from "./tasks.repo.ts";

/** What staff are to look at. */
export interface TaskToOpen {
  readonly kind: TaskKind;
  /** What it is about, in at most 80 characters. Only one task of a kind is open for a subject. */
  readonly subject: string;
  readonly reminderId?: Id<"Reminder">;
  readonly clientId?: Id<"Client">;
  readonly assignmentId?: Id<"Assignment">;
  readonly ownerId?: Id<"Member">;
  readonly note?: string;
  /** How often it happened; once when left out. */
  readonly count?: number;
}

/** Open a task for staff. Where one is open for the subject already it counts once more: there is never a second row. */
export async function openTask(tx: Ctx, task: TaskToOpen): Promise<void> {
  await openTasks(tx, [task]);
}

/** The same for many at once. */
export async function openTasks(tx: Ctx, toOpen: readonly TaskToOpen[]): Promise<void> {
  const now = tx.now();
  const rows = toOpen.map(({ subject, count = 1, ...task }) => ({
    ...task,
    id: newId<"Task">(),
    state: "open" as const,
    openSubject: subject,
    count,
    createdAt: now,
    updatedAt: now,
  }));
  await taskRepo(tx).open(rows);
  if (rows.length > 0) await emitFound(tx, "task.opened", () => newTasks(tx, rows));
}

/** Those that have a row of their own; what came up before was counted in its row. */
async function newTasks(tx: Ctx, rows: readonly NewTask[]): Promise<EventData<"task.opened">[]> {
  const stored = await taskRepo(tx).existing(rows.map(({ id }) => id));
  return rows
    .filter(({ id }) => stored.has(id))
    .map(({ id, kind, reminderId = null, clientId = null, assignmentId = null }) => {
      return { taskId: id, kind, reminderId, clientId, assignmentId };
    });
}
