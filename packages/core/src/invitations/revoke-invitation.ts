import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { invitationRepo } from "./invitations.repo.ts";

/** Take an invitation back; its link does nothing from now on. Throws `conflict` when it was accepted. */
export async function revokeInvitation(ctx: Ctx, id: Id<"Invitation">): Promise<void> {
  requireRole(ctx, "admin", "take invitations back");
  await inTransaction(ctx, async (tx) => {
    const { role } = await invitationRepo(tx).get(id);
    requireRole(tx, role, `take back an invitation with the role ${role}`);
    const revoked = await invitationRepo(tx).revoke(id, tx.now());
    if (revoked) return recordAudit(tx, "invitation.revoked", { entityId: id });
    if ((await invitationRepo(tx).get(id)).acceptedAt)
      throw new AppError("conflict", "The invitation was accepted; remove the member instead");
  });
}
