import type { Role } from "@reminder-app/db/schema/members";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type SystemCtx, actFor } from "../ctx.ts";
import { memberRepo } from "./members.repo.ts";

/** What a verified access token says. */
export interface AccessClaims {
  readonly businessId: Id<"Business">;
  readonly memberId: Id<"Member">;
  readonly sessionId: Id<"Session">;
  readonly tokenVersion: number;
}

/** The member's present role. Throws `token_revoked` when the session, the member, the business or the token version has ended. */
export async function checkSession(system: SystemCtx, claims: AccessClaims): Promise<Role> {
  const repo = memberRepo(actFor(system, claims.businessId, "authenticate"));
  const [session, membership] = await Promise.all([
    repo.findSession(claims.sessionId),
    repo.findMembership(claims.memberId),
  ]);
  const sessionLives = session && !session.revokedAt && session.memberId === claims.memberId;
  const memberMay = membership?.businessStatus === "active" && !membership.member.disabledAt;
  if (!sessionLives || !memberMay || membership.member.tokenVersion !== claims.tokenVersion) {
    throw new AppError("token_revoked", "The access token was revoked; sign in again");
  }
  return membership.role;
}
