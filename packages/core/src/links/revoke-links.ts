import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { clientLinkRepo } from "./client-links.repo.ts";
import { linkOfClient } from "./page-links.ts";

/** Take a link away: it opens nothing from now on. Taking it away again changes nothing. */
export async function revokeLink(ctx: Ctx, clientId: Id<"Client">, id: Id<"ClientLink">): Promise<void> {
  requireRole(ctx, "staff", "revoke links");
  await inTransaction(ctx, async (tx) => {
    await linkOfClient(tx, clientId, id);
    const revoked = await clientLinkRepo(tx).revoke(clientId, { id }, tx.now());
    if (revoked > 0) await recordAudit(tx, "link.revoked", { entityId: id, clientId });
  });
}

/** Take all links of a client away. Answers how many there were. */
export async function revokeAllLinks(ctx: Ctx, clientId: Id<"Client">): Promise<{ readonly revoked: number }> {
  requireRole(ctx, "staff", "revoke links");
  return inTransaction(ctx, async (tx) => {
    await clientRepo(tx).get(clientId);
    const revoked = await clientLinkRepo(tx).revoke(clientId, {}, tx.now());
    if (revoked > 0) await recordAudit(tx, "link.all_revoked", { entityId: clientId, revoked });
    return { revoked };
  });
}
