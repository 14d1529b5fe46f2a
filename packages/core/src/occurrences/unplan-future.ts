import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { plannedRowsRepo } from "../deliveries/planned-rows.repo.ts";
import { separateLines } from "../deliveries/stop-deliveries.ts";
import { occurrenceRepo } from "./occurrences.repo.ts";

/**
 * Take back what was planned ahead for moments still to come, so that a new schedule can plan them afresh. An
 * occurrence of which something has left stays, and its key keeps that moment from being planned twice.
 * Call it with the reminder's row locked.
 */
export async function unplanFuture(tx: Ctx, reminderId: Id<"Reminder">): Promise<void> {
  await unplan(tx, await occurrenceRepo(tx).futureOf(reminderId, tx.now()));
}

/** The same for occurrences by their ids. */
export async function unplan(tx: Ctx, ids: readonly Id<"Occurrence">[]): Promise<void> {
  if (ids.length === 0) return;
  await separateLines(tx, { occurrenceIds: ids });
  await plannedRowsRepo(tx).removeUnsent(ids);
  await occurrenceRepo(tx).removeEmpty(ids);
}

/** End the fan-out of a cancelled reminder. Call it with the reminder's row locked. */
export async function cancelOpenOccurrences(tx: Ctx, reminderId: Id<"Reminder">): Promise<void> {
  await occurrenceRepo(tx).cancelUnexpanded(reminderId, tx.now());
}
