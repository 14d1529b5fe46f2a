import { AppError } from "@reminder-app/platform/errors";
import type { Ctx } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { type Member, signInRepo } from "./members.repo.ts";
import { type Session, sessionRepo } from "./sessions.repo.ts";

/**
 * The caller and their session, locked until the transaction ends, so that what they sign in with changes in one place at
 * a time. Throws `token_revoked` when the session ended since it was checked.
 */
export async function lockCaller(tx: Ctx, claims: AccessClaims): Promise<{ member: Member; session: Session }> {
  const member = await signInRepo(tx.db).lockMember(claims.memberId);
  const session = await sessionRepo(tx).find(claims.sessionId);
  if (member?.tokenVersion !== claims.tokenVersion || !session || session.revokedAt)
    throw new AppError("token_revoked", "The session was ended; sign in again");
  return { member, session };
}
