import { roles } from "@reminder-app/db/schema/members";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { z } from "zod";
import { askForMail } from "../account-mail/ask-for-mail.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { emailSchema } from "../members/credentials.ts";
import { memberEmailHashes } from "../members/member-email.ts";
import { membershipRepo } from "../members/memberships.repo.ts";
import { requireVerified } from "../members/require-verified.ts";
import { type InvitationView, invitationCell, requireLimitable, viewInvitation } from "./invitation.ts";
import { invitationRepo } from "./invitations.repo.ts";

const LIFE_MS = 7 * DAY_MS;
const MOST_OPEN = 100;

export const CreateInvitationInput = z.strictObject({
  email: emailSchema,
  role: z.enum(roles),
  limitedToClients: z.boolean().default(false).describe("Whether the member works with some clients only"),
});

/**
 * Offer a place in the business to whoever reads the mail at an address, for seven days; it replaces an older offer to
 * it. Whether that address has an account makes no difference here. Throws `address_unverified` and `conflict`.
 */
export async function createInvitation(
  ctx: Ctx,
  { email, role, limitedToClients }: z.output<typeof CreateInvitationInput>,
): Promise<{ invitation: InvitationView; mailId: Id<"AccountMail"> }> {
  requireRole(ctx, "admin", "invite members");
  requireRole(ctx, role, `give the role ${role}`);
  requireLimitable(role, limitedToClients);

  return inTransaction(ctx, async (tx) => {
    const { id: invitedBy } = await requireVerified(tx);
    const now = tx.now();
    const id = newId<"Invitation">();
    const emailHashes = memberEmailHashes(tx.vault, email);
    if (await membershipRepo(tx).hasAddress(emailHashes))
      throw new AppError("conflict", "The person with that address is a member of the business already");
    await invitationRepo(tx).revokeOpenFor(emailHashes, now);
    await requireRoom(tx, now);

    await invitationRepo(tx).insert({
      id,
      email: tx.vault.seal(email, invitationCell({ businessId: tx.businessId, id })),
      emailHash: emailHashes[0],
      role,
      limitedToClients,
      invitedBy,
      expiresAt: after(now, LIFE_MS),
      createdAt: now,
    });
    const mailId = await askForMail(tx, { kind: "invitation", email, subjectId: id, businessId: tx.businessId });
    await recordAudit(tx, "member.invited", { entityId: id, role, limitedToClients });
    return { invitation: viewInvitation(tx, await invitationRepo(tx).get(id)), mailId };
  });
}

async function requireRoom(tx: Ctx, now: Date): Promise<void> {
  if ((await invitationRepo(tx).countOpen(now)) < MOST_OPEN) return;
  throw new AppError("conflict", `There are ${MOST_OPEN} open invitations already; take some back first`);
}
