import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { type QueuedDelivery, expandNextChunk } from "./expand-occurrence.ts";
import { planReminder } from "./plan-reminder.ts";
import { planSequenceChunk } from "./plan-sequence.ts";

/**
 * Plan a reminder up to `horizonMs` from now with all its deliveries, chunk after chunk, each in a transaction of its
 * own. Yields what each chunk has queued, and returns the reminder as it stands then. Broken off, it goes on where it was.
 */
export async function* plan(
  ctx: Ctx,
  id: Id<"Reminder">,
  horizonMs: number,
): AsyncGenerator<readonly QueuedDelivery[], Reminder, undefined> {
  const { reminder, occurrenceIds } = await planReminder(ctx, id, horizonMs);
  for (const occurrenceId of occurrenceIds) {
    for (let finished = false; !finished;) {
      const chunk = await expandNextChunk(ctx, occurrenceId, id);
      yield chunk.queued;
      finished = chunk.finished;
    }
  }
  if (reminder.schedule.kind !== "sequence") return reminder;
  for (;;) {
    const chunk = await planSequenceChunk(ctx, id, horizonMs);
    yield chunk.queued;
    if (chunk.finished) return chunk.reminder;
  }
}
