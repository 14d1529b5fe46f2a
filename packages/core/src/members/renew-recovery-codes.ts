import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { lockCaller } from "./lock-caller.ts";
import { recordForMember } from "./record-for-member.ts";
import { newRecoveryCodes, recoveryCodeHash } from "./recovery-codes.ts";
import { secondFactorRepo } from "./second-factor.repo.ts";
import { tellMember } from "./tell-member.ts";

/** Recovery codes, which are shown this once, and the mail that tells of them. */
export interface ShownCodes {
  readonly recoveryCodes: readonly string[];
  readonly mailId: Id<"AccountMail">;
}

/** Ten new recovery codes; the former ones serve no more. Throws `conflict` without a second factor. */
export async function renewRecoveryCodes(ctx: Ctx, caller: AccessClaims): Promise<ShownCodes> {
  const recoveryCodes = newRecoveryCodes();
  return inTransaction(ctx, async (tx) => {
    const { member } = await lockCaller(tx, caller);
    if (!member.totpConfirmedAt)
      throw new AppError("conflict", "You have no second factor that codes could stand in for");
    const hashes = recoveryCodes.map((code) => recoveryCodeHash(tx, member.id, code));
    await secondFactorRepo(tx.db, member.id).replaceRecoveryCodes(hashes);
    const mailId = await tellMember(tx, member, "recovery_codes");
    await recordForMember(tx, member.id, "member.recovery_codes_renewed");
    return { recoveryCodes, mailId };
  });
}
