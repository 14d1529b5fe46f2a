import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { requireLongEnough, requireUnguessable, shortPasswordSchema } from "./credentials.ts";
import { endEverywhere } from "./end-everywhere.ts";
import { getMe } from "./get-me.ts";
import { lockCaller } from "./lock-caller.ts";
import { signInRepo } from "./members.repo.ts";
import { type SignedIn, continuing, openSession } from "./open-session.ts";
import { hashPassword } from "./password.ts";
import { recordForMember } from "./record-for-member.ts";
import { tellMember } from "./tell-member.ts";

export const ChangePasswordInput = z.strictObject({ password: shortPasswordSchema });

/**
 * Change the caller's password. All their sessions end, in all businesses, and a new one goes on in place of this one;
 * their address is told.
 * Throws `validation_failed` when it is easily guessed, or shorter than 15 code points without a second factor.
 */
export async function changePassword(
  ctx: Ctx,
  caller: AccessClaims,
  { password }: z.output<typeof ChangePasswordInput>,
): Promise<{ signedIn: SignedIn; mailId: Id<"AccountMail"> }> {
  const { name, email, role, businesses } = await getMe(ctx);
  requireUnguessable(password, { email, names: [name, ...businesses.map((business) => business.name)] });
  const passwordHash = await hashPassword(password);

  return inTransaction(ctx, async (tx) => {
    const { member, session } = await lockCaller(tx, caller);
    requireLongEnough(password, { hasSecondFactor: member.totpConfirmedAt !== null });
    await signInRepo(tx.db).changeMember(member.id, { passwordHash });
    await endEverywhere(tx, member.id);
    const signedIn = await openSession(tx, {
      ...continuing(session),
      role,
      tokenVersion: member.tokenVersion + 1,
    });
    const mailId = await tellMember(tx, member, "password");
    await recordForMember(tx, member.id, "member.password_changed");
    return { signedIn, mailId };
  });
}
