import { AppError } from "@reminder-app/platform/errors";
import { matchTotp } from "@reminder-app/platform/totp";
import { z } from "zod";
import type { SystemCtx } from "../ctx.ts";
import type { Member } from "./members.repo.ts";
import { passwordMatches } from "./password.ts";
import { recoveryCodeHashes } from "./recovery-codes.ts";
import { secondFactorRepo } from "./second-factor.repo.ts";
import { totpSecretCell } from "./totp-secret.ts";

/** What an authenticator shows. */
export const codeShape = z.string().regex(/^\d{6}$/, "must be six digits");

/** What a person shows to prove who they are; a code or a recovery code once they have a second factor. */
export const proofShape = {
  password: z.string().min(1).max(512),
  code: codeShape.optional().describe("The authenticator's present code, for members with a second factor"),
  recoveryCode: z.string().min(1).max(64).optional().describe("Instead of a code; each serves once"),
};

export type Proof = z.output<z.ZodObject<typeof proofShape>>;
export type SecondFactor = "code" | "recovery_code";

/**
 * Check a password and, where the member has one, the second factor; answers which factor was used. A code is used up by
 * it. Throws `second_factor_required` when only the code is missing, and `invalid_credentials` whatever else is wrong.
 */
export async function proveIdentity(
  system: SystemCtx,
  member: Member | undefined,
  proof: Proof,
): Promise<{ member: Member; secondFactor?: SecondFactor }> {
  const matches = await passwordMatches(proof.password, member?.passwordHash);
  if (!member || !matches || member.disabledAt) throw wrongCredentials();
  if (!member.totpConfirmedAt) return { member };
  return { member, secondFactor: await proveSecondFactor(system, member, proof) };
}

async function proveSecondFactor(system: SystemCtx, member: Member, proof: Proof): Promise<SecondFactor> {
  const { code, recoveryCode } = proof;
  if (code !== undefined) {
    if (await useCode(system, member, code)) return "code";
  } else if (recoveryCode !== undefined) {
    const codeHashes = recoveryCodeHashes(system, member.id, recoveryCode);
    if (await secondFactorRepo(system.db, member.id).useRecoveryCode(codeHashes, system.now())) return "recovery_code";
  } else {
    throw new AppError("second_factor_required", "Send the code of your authenticator, or a recovery code, as well");
  }
  throw wrongCredentials();
}

/** Whether `code` is the authenticator's at this moment and was not used before; it is used up by it. */
export async function useCode(system: SystemCtx, member: Member, code: string): Promise<boolean> {
  if (!member.totpSecret) return false;
  const secret = system.vault.open(member.totpSecret, totpSecretCell(member.id));
  const step = matchTotp(secret, code, { at: system.now() });
  return step !== undefined && (await secondFactorRepo(system.db, member.id).useStep(step));
}

export function wrongCredentials(): AppError {
  return new AppError("invalid_credentials", "The e-mail address, the password or the code is wrong");
}
