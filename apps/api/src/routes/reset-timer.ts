import type { Ctx } from "@reminder-app/core/ctx";
import { getReminder } from "@reminder-app/core/reminders/page-reminders";
import type { Id } from "@reminder-app/platform/ids";
import type { Producer } from "@reminder-app/queues/producer";

/** Once it is durable what was changed: let the reminder's timer ring when its row says. */
export function resetTimer(ctx: Ctx, id: Id<"Reminder">): (producer: Producer) => Promise<void> {
  return async (producer) => producer.setTimer(await getReminder(ctx, id));
}
