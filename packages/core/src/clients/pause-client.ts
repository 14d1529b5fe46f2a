import type { Id } from "@reminder-app/platform/ids";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { planAgainAt } from "../assignments/plan-again.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { deliveryStopRepo } from "../deliveries/delivery-stops.repo.ts";
import { type Pause, pauseEnd } from "../deliveries/pause-end.ts";
import { pausedSince } from "../deliveries/standstill.ts";
import { type PauseAnswer, pauseDeliveries } from "../deliveries/stop-deliveries.ts";
import { clientRepo } from "./clients.repo.ts";
import { type ClientWithContacts, getClient } from "./get-client.ts";

/**
 * Send a client nothing until `until`, or until they are resumed. What comes due meanwhile is not made up for. Pausing a
 * paused client gives the pause another end.
 */
export async function pauseClient(
  ctx: Ctx,
  id: Id<"Client">,
  pause: Pause,
): Promise<{ client: ClientWithContacts } & PauseAnswer> {
  requireRole(ctx, "staff", "pause clients");
  return inTransaction(ctx, async (tx) => {
    const present = await clientRepo(tx).get(id);
    const now = tx.now();
    const pausedAt = pausedSince(present, now);
    const { timeZone: zone } = await businessRepo(tx).get();
    const until = pauseEnd(pause, { zone, now });
    if (until) await planAgainAt(tx, { clientId: id }, until);
    await assignmentRepo(tx).lockOfClients([id]);
    await clientRepo(tx).update(id, { pausedAt, pausedUntil: until, updatedAt: now });
    const answer = await pauseDeliveries(tx, { clientId: id }, { reason: "client_paused", until });
    const client = await getClient(tx, id);
    await recordAudit(tx, "client.paused", { entityId: id, until: until?.toISOString(), ...answer });
    return { client, ...answer };
  });
}

/** Go on after a pause: reminders reach the client from their next moment on, and what still waits if it is in its grace. */
export async function resumeClient(ctx: Ctx, id: Id<"Client">): Promise<ClientWithContacts> {
  requireRole(ctx, "staff", "resume clients");
  return inTransaction(ctx, async (tx) => {
    const { pausedAt } = await clientRepo(tx).get(id);
    if (pausedAt) {
      const now = tx.now();
      await planAgainAt(tx, { clientId: id }, now);
      await assignmentRepo(tx).lockOfClients([id]);
      await clientRepo(tx).update(id, { pausedAt: null, pausedUntil: null, updatedAt: now });
      await deliveryStopRepo(tx).wakeWaiting({ clientId: id }, { reason: "client_paused", at: now });
      await recordAudit(tx, "client.resumed", { entityId: id });
    }
    return getClient(tx, id);
  });
}
