import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { askForMail } from "../account-mail/ask-for-mail.ts";
import { type SystemCtx, inTransaction } from "../ctx.ts";
import { rememberNetwork } from "../throttling/guard-sign-in.ts";
import { emailSchema, passwordSchema, requireUnguessable } from "./credentials.ts";
import { endEverywhere } from "./end-everywhere.ts";
import { MailedToken, linkInvalid, personCtx, requireMailedToken, useMailedToken } from "./mailed-token.ts";
import { memberEmailCell } from "./member-email.ts";
import { signInRepo } from "./members.repo.ts";
import { hashPassword } from "./password.ts";
import { recordForMember } from "./record-for-member.ts";
import { secondFactorRepo } from "./second-factor.repo.ts";

export const ForgotPasswordInput = z.strictObject({ email: emailSchema });

export const ResetPasswordInput = z.strictObject({ token: MailedToken, password: passwordSchema });

/** Ask for a link that sets a new password. Whether anybody has the address is seen only when the mail is written. */
export async function forgotPassword(
  system: SystemCtx,
  { email }: z.output<typeof ForgotPasswordInput>,
): Promise<Id<"AccountMail">> {
  return askForMail(system, { kind: "reset_password", email });
}

export interface PasswordReset extends z.output<typeof ResetPasswordInput> {
  /** Where it is done. Who reads the account's mail is its owner, and signs in there however many others guess. */
  readonly network?: string;
}

/**
 * Set a new password by the link of a mail: it ends all sessions, and what else was mailed; the address is told, and
 * counts as verified. A second factor stays, unless the address was not verified before: then whoever set it up has never
 * shown that the account is theirs. Throws `link_invalid`.
 */
export async function resetPassword(
  system: SystemCtx,
  { token, password, network }: PasswordReset,
): Promise<Id<"AccountMail">> {
  await requireMailedToken(system, "reset_password", token);
  const passwordHash = await hashPassword(password);
  return inTransaction(personCtx(system), async (tx) => {
    const { memberId } = await useMailedToken(tx, "reset_password", token);
    const people = signInRepo(tx.db);
    const member = await people.lockMember(memberId);
    if (!member) throw linkInvalid();
    const email = tx.vault.open(member.email, memberEmailCell(memberId));
    const names = (await people.businessesOf(memberId)).map(({ name }) => name);
    requireUnguessable(password, { email, names: [member.name, ...names] });
    await people.changeMember(memberId, { passwordHash, emailVerifiedAt: member.emailVerifiedAt ?? tx.now() });
    if (!member.emailVerifiedAt) await secondFactorRepo(tx.db, memberId).remove();
    await endEverywhere(tx, memberId);
    const mailId = await askForMail(tx, { kind: "account_changed", email, subjectId: "password" });
    if (network !== undefined) await rememberNetwork(tx, { email, network });
    await recordForMember(tx, memberId, "member.password_reset");
    return mailId;
  });
}
