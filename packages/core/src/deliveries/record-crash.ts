import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, inTransaction } from "../ctx.ts";
import { deliveryEvents } from "../webhooks/event-facts.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { deliveryRepo } from "./deliveries.repo.ts";
import type { NextState } from "./next-state.ts";

/** After this many crashes a delivery is `dead`: it stops nobody else. */
const MAX_CRASHES = 3;

/**
 * A bug of ours threw while this delivery was in hand. Undefined: it is settled, or dead now; else when to look again.
 * A claim that had begun is unknown, for the provider may have been called.
 */
export async function recordCrash(ctx: Ctx, id: Id<"Delivery">): Promise<Date | undefined> {
  return inTransaction(ctx, async (tx) => {
    const delivery = await deliveryRepo(tx).lock(id);
    const open = delivery && ["queued", "retry", "sending", "unknown"].includes(delivery.state);
    if (!open) return undefined;
    const now = tx.now();
    const crashes = delivery.crashes + 1;
    const dead = crashes >= MAX_CRASHES;
    const state = delivery.state === "sending" ? "unknown" : delivery.state;
    const next: NextState = dead
      ? { state: "dead", reason: "crashes_used_up", nextAt: null }
      : { state, reason: "crashed", nextAt: after(now, MINUTE_MS) };
    const since = state === "unknown" && { unknownSince: delivery.unknownSince ?? now };
    await deliveryRepo(tx).move([id], next, { crashes, updatedAt: now, ...since });
    await emitEvents(tx, deliveryEvents(delivery, next));
    return next.nextAt ?? undefined;
  });
}
