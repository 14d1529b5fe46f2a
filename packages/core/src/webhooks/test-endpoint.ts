import { type Id, newId } from "@reminder-app/platform/ids";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { PING } from "./event-types.ts";
import { newCall } from "./new-call.ts";
import { requireActive } from "./replay-call.ts";
import { type CallWithEvent, webhookCallRepo } from "./webhook-calls.repo.ts";
import { webhookEndpointRepo } from "./webhook-endpoints.repo.ts";
import { webhookEventRepo } from "./webhook-events.repo.ts";

/** Send an endpoint a `ping`, whatever it hears of; the log tells how it went. */
export async function testEndpoint(ctx: Ctx, endpointId: Id<"WebhookEndpoint">): Promise<CallWithEvent> {
  requireRole(ctx, "admin", "test webhook endpoints");
  return inTransaction(ctx, async (tx) => {
    requireActive(await webhookEndpointRepo(tx).lock(endpointId));
    const { mode } = await businessRepo(tx).get();
    const now = tx.now();
    const event = { id: newId<"WebhookEvent">(), type: PING, data: { webhookEndpointId: endpointId }, createdAt: now };
    const call = newCall({ id: endpointId, mode }, { eventId: event.id, round: 0, now });
    await webhookEventRepo(tx).insert([event], [call]);
    return webhookCallRepo(tx).get(endpointId, call.id);
  });
}
