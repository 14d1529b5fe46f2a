import type { Id } from "@reminder-app/platform/ids";
import { holdRepo } from "../assignments/holds.repo.ts";
import { planAgainAt } from "../assignments/plan-again.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { deliveryStopRepo } from "../deliveries/delivery-stops.repo.ts";
import { type Pause, pauseEnd } from "../deliveries/pause-end.ts";
import { type PauseReason, pausedSince } from "../deliveries/standstill.ts";
import type { PauseAnswer } from "../deliveries/stop-deliveries.ts";
import { separateLines } from "../deliveries/stop-deliveries.ts";
import { type Business, businessRepo } from "./businesses.repo.ts";

const CHUNK = 1_000;
const reason = "business_paused" satisfies PauseReason;

/**
 * Send nothing at all until `until`, or until the business is resumed. What comes due meanwhile is not made up for.
 * Pausing a paused business gives the pause another end.
 */
export async function pauseBusiness(ctx: Ctx, pause: Pause): Promise<{ business: Business } & PauseAnswer> {
  requireRole(ctx, "admin", "pause the business");
  requireAllClients(ctx, "pause the business");
  return inTransaction(ctx, async (tx) => {
    await holdRepo(tx).lockReminders();
    const present = await businessRepo(tx).get();
    const now = tx.now();
    const pausedAt = pausedSince(present, now);
    const until = pauseEnd(pause, { zone: present.timeZone, now });
    if (until) await planAgainAt(tx, {}, until);
    await businessRepo(tx).update({ pausedAt, pausedUntil: until, updatedAt: now });
    const repo = deliveryStopRepo(tx);
    await separateLines(tx);
    let postponed = 0;
    for (const deliveryIds of chunksOf(await repo.waitingIds()))
      postponed += await repo.postponeWaiting({ deliveryIds }, { reason, until, at: now });
    const answer = { postponed, inFlight: await repo.countInFlight() };
    await recordAudit(tx, "business.paused", { entityId: tx.businessId, until: until?.toISOString(), ...answer });
    return { business: await businessRepo(tx).get(), ...answer };
  });
}

/** Go on after a pause: each reminder from its next moment on, and what still waits if it is in its grace. */
export async function resumeBusiness(ctx: Ctx): Promise<Business> {
  requireRole(ctx, "admin", "resume the business");
  requireAllClients(ctx, "resume the business");
  return inTransaction(ctx, async (tx) => {
    await holdRepo(tx).lockReminders();
    const { pausedAt } = await businessRepo(tx).get();
    if (pausedAt) {
      const now = tx.now();
      await planAgainAt(tx, {}, now);
      await businessRepo(tx).update({ pausedAt: null, pausedUntil: null, updatedAt: now });
      for (const deliveryIds of chunksOf(await deliveryStopRepo(tx).pausedIds(reason, now)))
        await deliveryStopRepo(tx).wakeWaiting({ deliveryIds }, { reason, at: now });
      await recordAudit(tx, "business.resumed", { entityId: tx.businessId });
    }
    return businessRepo(tx).get();
  });
}

function chunksOf(ids: readonly Id<"Delivery">[]): (readonly Id<"Delivery">[])[] {
  return Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, index) =>
    ids.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}
