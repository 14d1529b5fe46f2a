import type { Ctx } from "@reminder-app/core/ctx";
import { liveCheckouts } from "@reminder-app/core/payments/live-checkouts";
import type { Id } from "@reminder-app/platform/ids";
import { enqueueReviews } from "@reminder-app/queues/enqueue";
import type { Producer } from "@reminder-app/queues/producer";

/** Once it is durable what was paid or changed: let the pages be closed at which more could be paid than is owed. */
export function reviewCheckouts(
  ctx: Ctx,
  requestIds: readonly Id<"PaymentRequest">[],
): (producer: Producer) => Promise<void> {
  return async (producer) => enqueueReviews(producer, "checkout", await liveCheckouts(ctx, requestIds));
}
