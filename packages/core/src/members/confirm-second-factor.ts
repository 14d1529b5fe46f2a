import { AppError } from "@reminder-app/platform/errors";
import { z } from "zod";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { lockCaller } from "./lock-caller.ts";
import { codeShape, useCode, wrongCredentials } from "./prove-identity.ts";
import { recordForMember } from "./record-for-member.ts";
import { newRecoveryCodes, recoveryCodeHash } from "./recovery-codes.ts";
import type { ShownCodes } from "./renew-recovery-codes.ts";
import { secondFactorRepo } from "./second-factor.repo.ts";
import { sessionRepo } from "./sessions.repo.ts";
import { tellMember } from "./tell-member.ts";

export const ConfirmSecondFactorInput = z.strictObject({ code: codeShape });

/**
 * Prove that the authenticator works: from now on signing in needs its code as well. Answers ten recovery codes, which are
 * shown this once. Throws `conflict` when there is no secret to confirm, `invalid_credentials` when the code is wrong.
 */
export async function confirmSecondFactor(
  ctx: Ctx,
  caller: AccessClaims,
  { code }: z.output<typeof ConfirmSecondFactorInput>,
): Promise<ShownCodes> {
  const recoveryCodes = newRecoveryCodes();
  return inTransaction(ctx, async (tx) => {
    const { member } = await lockCaller(tx, caller);
    if (!member.totpSecret || member.totpConfirmedAt)
      throw new AppError("conflict", "There is no second factor to confirm; ask for a secret first");
    if (!(await useCode(tx, member, code))) throw wrongCredentials();
    const factor = secondFactorRepo(tx.db, member.id);
    await factor.confirm(tx.now());
    await factor.replaceRecoveryCodes(recoveryCodes.map((shown) => recoveryCodeHash(tx, member.id, shown)));
    await sessionRepo(tx).update(caller.sessionId, { secondFactorAt: tx.now() });
    const mailId = await tellMember(tx, member, "second_factor_on");
    await recordForMember(tx, member.id, "member.second_factor_added");
    return { recoveryCodes, mailId };
  });
}
