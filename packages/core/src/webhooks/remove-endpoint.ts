import type { Id } from "@reminder-app/platform/ids";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { webhookEndpointRepo } from "./webhook-endpoints.repo.ts";

/** Send nothing more to an endpoint. Its secret is gone at once, its log with the log's time. */
export async function removeEndpoint(ctx: Ctx, id: Id<"WebhookEndpoint">): Promise<void> {
  requireRole(ctx, "admin", "remove webhook endpoints");
  await inTransaction(ctx, async (tx) => {
    const endpoint = await webhookEndpointRepo(tx).lock(id);
    const secret = tx.vault.seal("", sealedColumns.webhookSecret.cell(endpoint));
    const gone = { state: "removed" as const, secret, oldSecret: null, oldSecretUntil: null };
    await webhookEndpointRepo(tx).update(id, { ...gone, updatedAt: tx.now() });
    await recordAudit(tx, "webhook_endpoint.removed", { entityId: id });
  });
}
