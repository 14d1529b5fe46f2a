import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, inTransaction } from "../ctx.ts";
import { expandNextChunk } from "./expand-occurrence.ts";
import { occurrenceRepo } from "./occurrences.repo.ts";
import { planReminders } from "./plan-reminder.ts";
import type { PlannedChunk } from "./plan-sequence.ts";

/**
 * Plan some reminders up to `horizonMs` from now, and make the next deliveries of what is planned, as many as one
 * transaction should make. Those that are not finished are to be planned again; planning twice changes nothing. The
 * steps of sequences are left to {@link planSequenceChunk}. In the order of `ids`, undefined for one that is not there;
 * of several also for one that somebody else holds, which is to be planned alone, so that nobody else waits for it.
 */
export async function planTogether(
  ctx: Ctx,
  ids: readonly Id<"Reminder">[],
  horizonMs: number,
): Promise<(PlannedChunk | undefined)[]> {
  return inTransaction(ctx, async (tx) => {
    const planned = await planReminders(tx, [...new Set(ids)], horizonMs);
    const open = await occurrenceRepo(tx).unexpanded(planned.map(({ reminder }) => reminder.id));
    const byReminder = Map.groupBy(open, ({ reminderId }) => reminderId);
    const next = planned.flatMap(({ reminder }) => {
      const [occurrence] = byReminder.get(reminder.id) ?? [];
      return occurrence ? [{ reminder, occurrence }] : [];
    });
    const expanded = await expandNextChunk(tx, next);
    const chunks = planned.map(({ reminder, missed }): readonly [Id<"Reminder">, PlannedChunk] => {
      const queued = expanded.queued.get(reminder.id) ?? [];
      const finished = (byReminder.get(reminder.id) ?? []).every(({ id }) => expanded.finished.has(id));
      return [reminder.id, { reminder, missed, queued, finished }];
    });
    const byId = new Map(chunks);
    return ids.map((id) => byId.get(id));
  });
}
