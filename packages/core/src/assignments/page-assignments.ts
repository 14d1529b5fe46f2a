import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { type Assignment, assignmentRepo } from "./assignments.repo.ts";

export const PageAssignmentsQuery = PageQuery.extend({
  state: z.enum(["open", "done", "cancelled", "exhausted"]).optional(),
});

/** A page of the clients on a reminder, the oldest first. Throws `not_found` when there is no such reminder. */
export async function pageAssignments(
  ctx: Ctx,
  reminderId: Id<"Reminder">,
  { state, limit, cursor }: z.output<typeof PageAssignmentsQuery>,
): Promise<Page<Assignment>> {
  await reminderRepo(ctx).get(reminderId);
  const rows = await assignmentRepo(ctx).page(
    { reminderId, state },
    { limit, cursor: cursor as Id<"Assignment"> | undefined },
  );
  return toPage(rows, limit);
}
