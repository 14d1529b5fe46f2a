import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { lockMember } from "./lock-member.ts";
import { membershipRepo } from "./memberships.repo.ts";

/**
 * Take another member out of the business, with their sessions here. What they did stays on record, and so does their
 * account, with which they may belong to other businesses. Throws `not_found`, `forbidden`, `conflict`.
 */
export async function removeMember(ctx: Ctx, memberId: Id<"Member">): Promise<void> {
  requireRole(ctx, "admin", "remove members");
  await inTransaction(ctx, async (tx) => {
    const { role, requireOtherOwner } = await lockMember(tx, memberId, "remove");
    requireOtherOwner();
    await membershipRepo(tx).remove(memberId);
    await recordAudit(tx, "member.removed", { entityId: memberId, role });
  });
}
