import type { BusinessMode } from "@reminder-app/db/schema/businesses";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, type SystemCtx, actFor } from "../ctx.ts";
import { type Membership, isAllowedIn, memberRepo } from "./members.repo.ts";
import { peopleSessionsRepo, sessionRepo } from "./sessions.repo.ts";

/** What a verified access token says. */
export interface AccessClaims {
  readonly businessId: Id<"Business">;
  readonly memberId: Id<"Member">;
  readonly sessionId: Id<"Session">;
  readonly tokenVersion: number;
  readonly tokenId: Id<"AccessToken">;
  readonly expiresAt: Date;
}

/** For whom a session acts. */
export type SessionHolder = Pick<Ctx, "businessId" | "actor" | "clientsOf"> & { readonly mode: BusinessMode };

/** The part of a business that a member sees: all of it, or as staff or viewer perhaps only the clients they work with. */
export function reachOf({ member, role, limitedToClients }: Membership): Pick<Ctx, "clientsOf"> {
  const limited = limitedToClients && (role === "staff" || role === "viewer");
  return limited ? { clientsOf: member.id } : {};
}

/**
 * What a session lets its member do now. Throws `token_revoked` when the token, the session, the member, their place
 * in the business, the business or the token version has ended.
 */
export async function checkSession(system: SystemCtx, claims: AccessClaims): Promise<SessionHolder> {
  const ctx = actFor(system, claims.businessId, "authenticate");
  const [session, membership, tokenRevoked] = await Promise.all([
    sessionRepo(ctx).find(claims.sessionId),
    memberRepo(ctx).findMembership(claims.memberId),
    peopleSessionsRepo(system.db).isTokenRevoked(claims.tokenId),
  ]);
  const sessionLives = session && !session.revokedAt && session.memberId === claims.memberId && !tokenRevoked;
  if (!sessionLives || !isAllowedIn(membership) || membership.member.tokenVersion !== claims.tokenVersion) {
    throw new AppError("token_revoked", "The access token was revoked; sign in again");
  }
  const actor = { kind: "member" as const, memberId: claims.memberId, role: membership.role };
  return { businessId: claims.businessId, mode: membership.businessMode, actor, ...reachOf(membership) };
}
