import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type StopAnswer, stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { clientRepo } from "./clients.repo.ts";

/** Put a client away: no reminder reaches them from the moment this commits. History stays. */
export async function archiveClient(ctx: Ctx, id: Id<"Client">): Promise<StopAnswer> {
  requireRole(ctx, "staff", "archive clients");
  return inTransaction(ctx, async (tx) => {
    const client = await clientRepo(tx).get(id);
    const now = tx.now();
    if (!client.archivedAt) await clientRepo(tx).update(id, { archivedAt: now, updatedAt: now });
    const answer = await stopDeliveries(tx, { clientId: id }, "client_archived");
    if (!client.archivedAt) await recordAudit(tx, "client.archived", { entityId: id, ...answer });
    return answer;
  });
}

/** Take an archived client back. Reminders reach them again from their next moment on. */
export async function restoreClient(ctx: Ctx, id: Id<"Client">): Promise<void> {
  requireRole(ctx, "staff", "restore clients");
  await inTransaction(ctx, async (tx) => {
    const client = await clientRepo(tx).get(id);
    if (!client.archivedAt) return;
    if (client.mergedInto)
      throw new AppError("conflict", `The client was merged into ${client.mergedInto}; what it had is that one's now`);
    await clientRepo(tx).update(id, { archivedAt: null, updatedAt: tx.now() });
    await recordAudit(tx, "client.restored", { entityId: id });
  });
}
