import { after } from "@reminder-app/platform/clock";
import { civilDateIn, daysAfter, startOfDay } from "@reminder-app/schedule/civil-date";
import type { SharedSchedule } from "@reminder-app/schedule/schedule";
import { nextSlot } from "@reminder-app/schedule/slots";
import type { AtOneTime } from "@reminder-app/schedule/time-of-day";
import { planningZone } from "@reminder-app/schedule/zones";
import { plannedAssignmentRepo } from "../assignments/planned-assignments.repo.ts";
import { followAssignments } from "../assignments/start-assignment.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { effectiveSchedule } from "./effective-schedule.ts";
import { type Reminder, reminderRepo } from "./reminders.repo.ts";

/**
 * Work out again when the business's reminders come next, after the time of its daily message or its holidays have
 * changed. What is planned keeps its moment. What was to come on a day still does, at its new time, or at once where that
 * is past. Answers with those that come at another time now. Call it with the rows of the reminders locked.
 */
export async function retimeReminders(tx: Ctx): Promise<Reminder[]> {
  const business = await businessRepo(tx).scheduleDefaults();
  const going = (await reminderRepo(tx).going()).filter(({ nextDueAt }) => nextDueAt !== null);
  const retimed: Reminder[] = [];
  for (const reminder of going) {
    const schedule = effectiveSchedule(reminder, business);
    const nextDueAt =
      schedule.kind === "sequence" ? await lookAgain(tx, reminder) : nextOf(schedule, reminder.nextDueAt);
    if (nextDueAt?.getTime() === reminder.nextDueAt?.getTime()) continue;
    if (schedule.kind !== "sequence") await reminderRepo(tx).update(reminder.id, { nextDueAt, updatedAt: tx.now() });
    retimed.push({ ...reminder, nextDueAt });
  }
  return retimed;
}

/** The first moment of the day on which it was to come. */
function nextOf(schedule: SharedSchedule & AtOneTime, nextDueAt: Date | null): Date | null {
  if (!nextDueAt) return null;
  const zone = planningZone(schedule.zone);
  const begun = startOfDay(civilDateIn(zone, nextDueAt), zone);
  return nextSlot(schedule, after(begun, -1))?.at ?? nextDueAt;
}

/** The planner works out each step anew when it looks at an assignment, and those of today from the day's beginning. */
async function lookAgain(tx: Ctx, { id, schedule: { zone } }: Reminder): Promise<Date | null> {
  const today = civilDateIn(planningZone(zone), tx.now());
  const begins = (date: string) => startOfDay(date, planningZone(zone));
  const day = { from: begins(today), to: begins(daysAfter(today, 1)) };
  await plannedAssignmentRepo(tx).replanDay(id, day, tx.now());
  return followAssignments(tx, id);
}
