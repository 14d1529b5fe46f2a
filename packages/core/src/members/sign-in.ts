import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, type SystemCtx, inTransaction } from "../ctx.ts";
import { memberEmailHashes } from "./member-email.ts";
import { signInRepo } from "./members.repo.ts";
import { type SignedIn, openSession } from "./open-session.ts";
import { hashPassword, isOutdated } from "./password.ts";
import { proofShape, proveIdentity, wrongCredentials } from "./prove-identity.ts";

export const SignInInput = z.strictObject({
  email: z.string().min(1).max(254),
  ...proofShape,
  businessId: z.uuid().optional().describe("Which business to act for; the first one when left out"),
});

export interface SignInRequest extends z.output<typeof SignInInput> {
  readonly userAgent: string | null;
}

/**
 * Check who a person is and open a session. Throws `second_factor_required` when only the code is missing, and
 * `invalid_credentials` whatever else was wrong.
 */
export async function signIn(system: SystemCtx, input: SignInRequest): Promise<SignedIn> {
  const people = signInRepo(system.db);
  const found = await people.findMemberByEmail(memberEmailHashes(system.vault, input.email));
  const { member, secondFactor } = await proveIdentity(system, found, input);

  const places = await people.businessesOf(member.id);
  const place = input.businessId ? places.find(({ id }) => id === input.businessId) : places[0];
  if (!place) throw wrongCredentials();

  const passwordHash = isOutdated(member.passwordHash) ? await hashPassword(input.password) : undefined;

  const ctx: Ctx = {
    ...system,
    businessId: place.id,
    actor: { kind: "member", memberId: member.id, role: place.role },
  };
  return inTransaction(ctx, async (tx) => {
    const signedIn = await openSession(tx, {
      memberId: member.id,
      role: place.role,
      tokenVersion: member.tokenVersion,
      userAgent: input.userAgent,
      authenticatedAt: tx.now(),
      secondFactorAt: secondFactor ? tx.now() : null,
    });
    // Only now that the session's version was compared: a password that was changed meanwhile stays.
    if (passwordHash) await signInRepo(tx.db).changeMember(member.id, { passwordHash });
    await recordAudit(tx, "member.signed_in", { entityId: member.id, ...(secondFactor && { secondFactor }) });
    return signedIn;
  });
}
