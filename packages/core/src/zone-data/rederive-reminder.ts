import { HOUR_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { SharedSchedule } from "@reminder-app/schedule/schedule";
import { nextSlot } from "@reminder-app/schedule/slots";
import type { AtOneTime } from "@reminder-app/schedule/time-of-day";
import { holdRepo } from "../assignments/holds.repo.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { isGoing } from "../occurrences/plan-reminder.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { scheduleOf } from "../reminders/schedule-of.ts";
import { redatePlanned } from "./redate-planned.ts";

/** Clocks were moved by more only where a country crossed the date line; and moments are mostly a day apart. */
const FURTHEST_MS = 3 * HOUR_MS;

/**
 * Work out again when a reminder is due, because the clocks are known better now: what is planned ahead and has not
 * left follows, and the planner goes on at the right moment. Doing it twice changes nothing.
 */
export async function rederiveReminder(ctx: Ctx, id: Id<"Reminder">): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(id);
    if (reminder.status === "draft" || reminder.status === "cancelled") return;
    await redatePlanned(tx, reminder);
    if (!isGoing(reminder)) return;
    const schedule = await scheduleOf(tx, reminder);
    // The planner works out each assignment's next step whenever it looks at it.
    if (schedule.kind === "sequence") await holdRepo(tx).planBy({ reminderId: id }, [id], tx.now());
    else await redateNext(tx, reminder, schedule);
  });
}

/** The next moment stays the same on the wall clock: what was planned is not planned again, and nothing is passed over. */
async function redateNext(tx: Ctx, { id, nextDueAt }: Reminder, schedule: SharedSchedule & AtOneTime): Promise<void> {
  if (!nextDueAt) return;
  const from = schedule.kind === "once" ? new Date(0) : after(nextDueAt, -FURTHEST_MS);
  const right = nextSlot(schedule, from)?.at;
  if (right && right.getTime() !== nextDueAt.getTime())
    await reminderRepo(tx).update(id, { nextDueAt: right, updatedAt: tx.now() });
}
