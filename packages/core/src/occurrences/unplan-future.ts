import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { deliveryRowsRepo } from "../deliveries/delivery-rows.repo.ts";
import { occurrenceRepo } from "./occurrences.repo.ts";

/**
 * Take back what was planned ahead for moments still to come, so that a new schedule can plan them afresh. An
 * occurrence of which something has left stays, and its key keeps that moment from being planned twice.
 * Call it with the reminder's row locked.
 */
export async function unplanFuture(tx: Ctx, reminderId: Id<"Reminder">): Promise<void> {
  for (const { id } of await occurrenceRepo(tx).futureOf(reminderId, tx.now())) {
    await deliveryRowsRepo(tx).removeUnsent(id);
    if (!(await deliveryRowsRepo(tx).existsFor(id))) await occurrenceRepo(tx).remove(id);
  }
}

/** End the fan-out of a cancelled reminder. Call it with the reminder's row locked. */
export async function cancelOpenOccurrences(tx: Ctx, reminderId: Id<"Reminder">): Promise<void> {
  await occurrenceRepo(tx).cancelUnexpanded(reminderId, tx.now());
}
