import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { type Reminder, type ReminderSummary, reminderRepo } from "./reminders.repo.ts";

export const PageRemindersQuery = PageQuery.extend({
  status: z.enum(["draft", "active", "paused", "completed", "cancelled"]).optional(),
});

/** A page of reminders, the newest first. */
export async function pageReminders(
  ctx: Ctx,
  { status, limit, cursor }: z.output<typeof PageRemindersQuery>,
): Promise<Page<ReminderSummary>> {
  const rows = await reminderRepo(ctx).page({ status }, { limit, cursor: cursor as Id<"Reminder"> | undefined });
  return toPage(rows, limit);
}

/** Throws `not_found`, also for a reminder of another business. */
export function getReminder(ctx: Ctx, id: Id<"Reminder">): Promise<Reminder> {
  return reminderRepo(ctx).get(id);
}
