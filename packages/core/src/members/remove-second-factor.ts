import { AppError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { isLongEnough } from "./credentials.ts";
import { lockCaller } from "./lock-caller.ts";
import { memberRepo } from "./members.repo.ts";
import { proofShape, proveIdentity } from "./prove-identity.ts";
import { recordForMember } from "./record-for-member.ts";
import { secondFactorRepo } from "./second-factor.repo.ts";
import { tellMember } from "./tell-member.ts";

export const RemoveSecondFactorInput = z.strictObject(proofShape);

/**
 * Sign in without a second factor from now on. The password is asked for once more, because only it tells its length:
 * throws `validation_failed` when it is too short to stand alone, and `conflict` when there is no second factor.
 * Answers the mail that tells of it.
 */
export async function removeSecondFactor(
  ctx: Ctx,
  caller: AccessClaims,
  proof: z.output<typeof RemoveSecondFactorInput>,
): Promise<Id<"AccountMail">> {
  const membership = await memberRepo(ctx).findMembership(caller.memberId);
  if (!membership?.member.totpConfirmedAt) throw new AppError("conflict", "You have no second factor");
  const { member } = await proveIdentity(ctx, membership.member, proof);
  if (!isLongEnough(proof.password))
    throw invalid("password", "is too short to stand alone; change it to one of 15 characters or more first");

  return inTransaction(ctx, async (tx) => {
    await lockCaller(tx, caller);
    await secondFactorRepo(tx.db, member.id).remove();
    const mailId = await tellMember(tx, member, "second_factor_off");
    await recordForMember(tx, member.id, "member.second_factor_removed");
    return mailId;
  });
}
