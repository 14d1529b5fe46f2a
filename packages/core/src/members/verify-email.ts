import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { askForMail } from "../account-mail/ask-for-mail.ts";
import { type Ctx, type SystemCtx, inTransaction } from "../ctx.ts";
import { MailedToken, personCtx, useMailedToken } from "./mailed-token.ts";
import { memberEmailCell } from "./member-email.ts";
import { memberRepo, signInRepo } from "./members.repo.ts";
import { recordForMember } from "./record-for-member.ts";

export const VerifyEmailInput = z.strictObject({ token: MailedToken });

/** The address is theirs who read the mail. Throws `link_invalid`. */
export async function verifyEmail(system: SystemCtx, { token }: z.output<typeof VerifyEmailInput>): Promise<void> {
  await inTransaction(personCtx(system), async (tx) => {
    const { memberId } = await useMailedToken(tx, "verify_email", token);
    await signInRepo(tx.db).changeMember(memberId, { emailVerifiedAt: tx.now() });
    await recordForMember(tx, memberId, "member.address_verified");
  });
}

/** Ask for the mail again that shows whose address it is. Throws `conflict` when that was shown. */
export async function askToVerify(ctx: Ctx): Promise<Id<"AccountMail">> {
  const { actor } = ctx;
  const membership = actor.kind === "member" ? await memberRepo(ctx).findMembership(actor.memberId) : undefined;
  if (!membership) throw new AppError("forbidden", "Only a signed-in member has an address to verify");
  const { member } = membership;
  if (member.emailVerifiedAt) throw new AppError("conflict", "Your address is verified already");
  return askForMail(ctx, { kind: "verify_email", email: ctx.vault.open(member.email, memberEmailCell(member.id)) });
}
