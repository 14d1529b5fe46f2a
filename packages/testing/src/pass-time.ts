import { endHold } from "@reminder-app/core/assignments/release-assignment";
import { assignmentRepo } from "@reminder-app/core/assignments/assignments.repo";
import { plan } from "@reminder-app/core/occurrences/plan";
import { endPauseOfReminder } from "@reminder-app/core/reminders/pause-reminder";
import { reminderRepo } from "@reminder-app/core/reminders/reminders.repo";
import { HOUR_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { GivenBusiness } from "./given-business.ts";
import { accepted, delivererFor, deliveriesOf, scriptedChannel } from "./given-delivery.ts";

const HORIZON_MS = 60_000;

/**
 * Let hours pass for a reminder with at most ten clients: what ends by itself ends, what comes due is planned, and what
 * may go is sent, as by timers, workers and sweep.
 */
export async function passTime(shop: GivenBusiness, reminderId: Id<"Reminder">, hours: number): Promise<void> {
  const { ctx, clock } = shop;
  const deliver = delivererFor(shop, { ...scriptedChannel([]).channel, send: async () => accepted });
  for (let hour = 0; hour < hours; hour += 1) {
    clock.advance(HOUR_MS);
    const isOver = (at: Date | null, by = clock.now()) => at !== null && at <= by;
    const { pausedUntil } = await reminderRepo(ctx).get(reminderId);
    if (isOver(pausedUntil)) await endPauseOfReminder(ctx, reminderId);
    for (const { id, holdUntil } of await assignmentRepo(ctx).page({ reminderId }, { limit: 10 }))
      if (isOver(holdUntil)) await endHold(ctx, { reminderId, assignmentId: id });
    const { nextDueAt } = await reminderRepo(ctx).get(reminderId);
    const due = isOver(nextDueAt, after(clock.now(), HORIZON_MS));
    if (due) for await (const _queued of plan(ctx, reminderId, HORIZON_MS));
    for (const delivery of await deliveriesOf(shop, reminderId)) if (isOver(delivery.nextAt)) await deliver(delivery);
  }
}

/** When messages of a reminder left, in the order of time. */
export async function sentAt(shop: GivenBusiness, reminderId: Id<"Reminder">): Promise<string[]> {
  const times = (await deliveriesOf(shop, reminderId)).flatMap(({ acceptedAt }) => acceptedAt ?? []);
  return times.map((at) => at.toISOString().slice(0, 16)).toSorted();
}
