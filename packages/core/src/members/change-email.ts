import { AppError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { askForMail } from "../account-mail/ask-for-mail.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, type SystemCtx, inTransaction } from "../ctx.ts";
import { emailLookup, emailSchema } from "./credentials.ts";
import { endEverywhere } from "./end-everywhere.ts";
import { MailedToken, linkInvalid, newEmailCell, personCtx, useMailedToken } from "./mailed-token.ts";
import { isAddressTaken, memberEmailCell, newAddressHash } from "./member-email.ts";
import { memberRepo, signInRepo } from "./members.repo.ts";
import { recordForMember } from "./record-for-member.ts";

export const ChangeEmailInput = z.strictObject({ email: emailSchema });

export const ConfirmEmailInput = z.strictObject({ token: MailedToken });

/** Ask to sign in with another address: a link is mailed to it, and nothing changes before it is opened. */
export async function changeEmail(ctx: Ctx, { email }: z.output<typeof ChangeEmailInput>): Promise<Id<"AccountMail">> {
  const { actor } = ctx;
  const membership = actor.kind === "member" ? await memberRepo(ctx).findMembership(actor.memberId) : undefined;
  if (!membership) throw new AppError("forbidden", "Only a signed-in member has an address to change");
  const { member } = membership;
  if (emailLookup(ctx.vault.open(member.email, memberEmailCell(member.id))) === emailLookup(email))
    throw invalid("email", "is your address already");
  return inTransaction(ctx, async (tx) => {
    const mailId = await askForMail(tx, { kind: "change_email", email, subjectId: member.id });
    await recordAudit(tx, "member.address_change_asked", { entityId: member.id });
    return mailId;
  });
}

/**
 * Sign in with the new address from now on, by the link that was mailed to it. All sessions end, whatever else was
 * mailed works no more, and the old address is told. Throws `link_invalid`.
 */
export async function confirmEmail(
  system: SystemCtx,
  { token }: z.output<typeof ConfirmEmailInput>,
): Promise<Id<"AccountMail">> {
  return inTransaction(personCtx(system), async (tx) => {
    const { memberId, newEmail, tokenHash } = await useMailedToken(tx, "change_email", token);
    const people = signInRepo(tx.db);
    const member = await people.lockMember(memberId);
    if (!member || !newEmail) throw linkInvalid();
    const oldEmail = tx.vault.open(member.email, memberEmailCell(memberId));
    const email = tx.vault.open(newEmail, newEmailCell(tokenHash));
    await people.changeMember(memberId, {
      email: tx.vault.seal(email, memberEmailCell(memberId)),
      emailHash: await newAddressHash(tx, email),
      emailVerifiedAt: tx.now(),
    });
    await endEverywhere(tx, memberId);
    const mailId = await askForMail(tx, { kind: "account_changed", email: oldEmail, subjectId: "email" });
    await recordForMember(tx, memberId, "member.address_changed");
    return mailId;
  }).catch((thrown: unknown) => {
    // Somebody registered it meanwhile. Only who reads the mail at that address gets to know.
    throw isAddressTaken(thrown) ? linkInvalid() : thrown;
  });
}
