import { roles } from "@reminder-app/db/schema/members";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { requireLimitable } from "../invitations/invitation.ts";
import { lockMember } from "./lock-member.ts";
import { type Place, membershipRepo } from "./memberships.repo.ts";
import { type MemberView, viewMember } from "./page-members.ts";

export const ChangeMemberInput = z
  .strictObject({
    role: z.enum(roles),
    limitedToClients: z.boolean().describe("Whether the member works with some clients only"),
    disabled: z.boolean().describe("A disabled member cannot sign in to this business"),
  })
  .partial();

/**
 * Change what another member may do. Nobody gives more than they have, only owners touch owners, and one active owner
 * always stays. Disabling ends the member's sessions in this business. Throws `not_found`, `forbidden`, `conflict`.
 */
export async function changeMember(
  ctx: Ctx,
  memberId: Id<"Member">,
  input: z.output<typeof ChangeMemberInput>,
): Promise<MemberView> {
  requireRole(ctx, "admin", "change members");
  if (input.role) requireRole(ctx, input.role, `give the role ${input.role}`);
  return inTransaction(ctx, async (tx) => {
    const { requireOtherOwner } = await lockMember(tx, memberId, "change");
    const before = await getPlace(tx, memberId);
    const role = input.role ?? before.role;
    requireLimitable(role, input.limitedToClients ?? false);
    if (role !== "owner" || input.disabled) requireOtherOwner();

    const disabledAt = input.disabled === undefined ? before.disabledAt : input.disabled ? tx.now() : null;
    const limitedToClients = role === "staff" && (input.limitedToClients ?? before.limitedToClients);
    await membershipRepo(tx).update(memberId, { role, limitedToClients, disabledAt });
    if (input.disabled) await membershipRepo(tx).endSessions(memberId, tx.now());
    const after = await getPlace(tx, memberId);
    await recordAudit(tx, "member.changed", { entityId: memberId, before: shown(before), after: shown(after) });
    return viewMember(tx, after);
  });
}

const shown = ({ role, limitedToClients, disabledAt }: Place) => ({ role, limitedToClients, disabled: !!disabledAt });

async function getPlace(tx: Ctx, memberId: Id<"Member">): Promise<Place> {
  const place = await membershipRepo(tx).find(memberId);
  if (!place) throw new NotFoundError("Member", memberId);
  return place;
}
