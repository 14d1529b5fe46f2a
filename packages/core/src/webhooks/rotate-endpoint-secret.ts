import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type EndpointView, viewEndpoint } from "./endpoint-view.ts";
import { webhookEndpointRepo } from "./webhook-endpoints.repo.ts";
import { keepOldSecret, makeSecret } from "./webhook-secret.ts";

/** Sign by a new secret from now on; the present one signs too for 24 hours. The new one is in this answer, and nowhere else. */
export async function rotateEndpointSecret(
  ctx: Ctx,
  id: Id<"WebhookEndpoint">,
): Promise<EndpointView & { readonly secret: string }> {
  requireRole(ctx, "admin", "rotate secrets of webhook endpoints");
  return inTransaction(ctx, async (tx) => {
    const before = await webhookEndpointRepo(tx).lock(id);
    const now = tx.now();
    const { secret, sealed } = makeSecret(tx, id);
    await webhookEndpointRepo(tx).update(id, { ...keepOldSecret(tx, before, now), secret: sealed, updatedAt: now });
    const rotated = await webhookEndpointRepo(tx).get(id);
    const until = rotated.oldSecretUntil?.toISOString();
    await recordAudit(tx, "webhook_endpoint.secret_rotated", { entityId: id, until });
    return { ...viewEndpoint(rotated), secret };
  });
}
