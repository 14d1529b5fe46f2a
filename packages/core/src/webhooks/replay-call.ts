import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { newCall } from "./new-call.ts";
import { type CallWithEvent, webhookCallRepo } from "./webhook-calls.repo.ts";
import { type WebhookEndpoint, webhookEndpointRepo } from "./webhook-endpoints.repo.ts";
import { webhookEventRepo } from "./webhook-events.repo.ts";

/** Tell an endpoint once more what it was told, or what did not reach it: a new round of the same event. */
export async function replayCall(
  ctx: Ctx,
  { endpointId, callId }: { endpointId: Id<"WebhookEndpoint">; callId: Id<"WebhookCall"> },
): Promise<CallWithEvent> {
  requireRole(ctx, "admin", "replay calls of webhook endpoints");
  return inTransaction(ctx, async (tx) => {
    requireActive(await webhookEndpointRepo(tx).lock(endpointId));
    const past = await webhookCallRepo(tx).get(endpointId, callId);
    if (past.state === "waiting")
      throw new AppError("conflict", "The call still waits; there is nothing to replay yet");
    const round = (await webhookCallRepo(tx).lastRound(past)) + 1;
    const { mode } = await businessRepo(tx).get();
    const call = newCall({ id: endpointId, mode }, { eventId: past.eventId, round, now: tx.now() });
    await webhookEventRepo(tx).insert([], [call]);
    await recordAudit(tx, "webhook_call.replayed", { entityId: call.id, endpointId, eventId: past.eventId, round });
    return webhookCallRepo(tx).get(endpointId, call.id);
  });
}

/** Throws `conflict` while the endpoint is paused: nothing would be sent. */
export function requireActive({ state }: WebhookEndpoint): void {
  if (state !== "active") throw new AppError("conflict", `The endpoint is ${state}; set it active first`);
}
