import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Ctx } from "../ctx.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { forecastSends } from "./forecast.ts";

const AHEAD_DAYS = 366;

/** Whether a step that is past will be made up for, once what keeps it back ends: asked of the outbox itself. */
export async function isMadeUpFor(
  tx: Ctx,
  { reminder, assignment, slotKey }: { reminder: Reminder; assignment: Assignment; slotKey: string },
): Promise<boolean> {
  const { schedule } = reminder;
  if (schedule.kind !== "sequence" || schedule.late !== "collapse") return false;
  const to = after(tx.now(), AHEAD_DAYS * DAY_MS);
  const asked = { to, reminderId: reminder.id, clientId: assignment.clientId };
  for await (const piece of forecastSends(tx, asked))
    if (piece.some((send) => send.assignmentId === assignment.id && send.slotKey === slotKey)) return true;
  return false;
}
