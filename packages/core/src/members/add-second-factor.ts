import { AppError } from "@reminder-app/platform/errors";
import { newTotpSecret, totpUri } from "@reminder-app/platform/totp";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { getMe } from "./get-me.ts";
import { lockCaller } from "./lock-caller.ts";
import { secondFactorRepo } from "./second-factor.repo.ts";
import { totpSecretCell } from "./totp-secret.ts";

const ISSUER = "Reminder App";

/** A secret for an authenticator, in base32, and the URI that it reads from a QR code. */
export interface NewSecondFactor {
  readonly secret: string;
  readonly uri: string;
}

/**
 * Give the caller a secret for their authenticator. It asks for nothing until it is confirmed; asking again replaces it.
 * Throws `conflict` while a second factor is confirmed.
 */
export async function addSecondFactor(ctx: Ctx, caller: AccessClaims): Promise<NewSecondFactor> {
  const { email } = await getMe(ctx);
  const secret = newTotpSecret();
  return inTransaction(ctx, async (tx) => {
    const { member } = await lockCaller(tx, caller);
    if (member.totpConfirmedAt) throw new AppError("conflict", "You have a second factor; remove it first");
    await secondFactorRepo(tx.db, member.id).setSecret(tx.vault.seal(secret, totpSecretCell(member.id)));
    await recordAudit(tx, "member.second_factor_offered", { entityId: member.id });
    return { secret, uri: totpUri({ secret, issuer: ISSUER, account: email }) };
  });
}
