import { taskKinds, taskStates } from "@reminder-app/db/schema/tasks";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { type Task, taskRepo } from "./tasks.repo.ts";

export const PageTasksQuery = PageQuery.extend({
  state: z.enum(taskStates).optional(),
  kind: z.enum(taskKinds).optional(),
  clientId: z.uuid().optional(),
});

/** What staff have to look at, the newest first. Who works with some clients only sees what is about those. */
export async function pageTasks(
  ctx: Ctx,
  { state, kind, clientId, limit, cursor }: z.output<typeof PageTasksQuery>,
): Promise<Page<Task>> {
  const rows = await taskRepo(ctx).page(
    { state, kind, clientId: clientId as Id<"Client"> | undefined },
    { limit, cursor: cursor as Id<"Task"> | undefined },
  );
  return toPage(rows, limit);
}
