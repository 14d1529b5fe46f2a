import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { type QueuedDelivery, expandNextChunk } from "./expand-occurrence.ts";
import { planReminder } from "./plan-reminder.ts";
import { planSequenceChunk } from "./plan-sequence.ts";

/** A reminder as it stands once it is planned. */
export interface PlannedReminder extends Reminder {
  /** How many of its moments came due in an outage and were filed as missed by this. */
  readonly missed: number;
}

/**
 * Plan a reminder up to `horizonMs` from now with all its deliveries, chunk after chunk, each in a transaction of its
 * own. Yields what each chunk has queued, and returns the reminder as it stands then. Broken off, it goes on where it was.
 */
export async function* plan(
  ctx: Ctx,
  id: Id<"Reminder">,
  horizonMs: number,
): AsyncGenerator<readonly QueuedDelivery[], PlannedReminder, undefined> {
  const planned = await planReminder(ctx, id, horizonMs);
  const { reminder } = planned;
  for (const occurrenceId of planned.occurrenceIds) {
    for (let finished = false; !finished;) {
      const chunk = await expandNextChunk(ctx, occurrenceId, id);
      yield chunk.queued;
      finished = chunk.finished;
    }
  }
  if (reminder.schedule.kind !== "sequence") return { ...reminder, missed: planned.missed };
  let missed = 0;
  for (;;) {
    const chunk = await planSequenceChunk(ctx, id, horizonMs);
    yield chunk.queued;
    missed += chunk.missed;
    if (chunk.finished) return { ...chunk.reminder, missed };
  }
}
