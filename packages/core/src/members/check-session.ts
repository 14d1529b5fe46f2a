import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, type SystemCtx, actFor } from "../ctx.ts";
import { type Membership, memberRepo } from "./members.repo.ts";

/** What a verified access token says. */
export interface AccessClaims {
  readonly businessId: Id<"Business">;
  readonly memberId: Id<"Member">;
  readonly sessionId: Id<"Session">;
  readonly tokenVersion: number;
}

/** For whom a session acts. */
export type SessionHolder = Pick<Ctx, "businessId" | "actor" | "clientsOf">;

/** The part of a business that a member sees: all of it, or as staff or viewer perhaps only the clients they work with. */
export function reachOf({ member, role, limitedToClients }: Membership): Pick<Ctx, "clientsOf"> {
  const limited = limitedToClients && (role === "staff" || role === "viewer");
  return limited ? { clientsOf: member.id } : {};
}

/** What a session lets its member do now. Throws `token_revoked` when the session, the member, the business or the token version has ended. */
export async function checkSession(system: SystemCtx, claims: AccessClaims): Promise<SessionHolder> {
  const repo = memberRepo(actFor(system, claims.businessId, "authenticate"));
  const [session, membership] = await Promise.all([
    repo.findSession(claims.sessionId),
    repo.findMembership(claims.memberId),
  ]);
  const sessionLives = session && !session.revokedAt && session.memberId === claims.memberId;
  const memberMay = membership?.businessStatus === "active" && !membership.disabledAt && !membership.member.disabledAt;
  if (!sessionLives || !memberMay || membership.member.tokenVersion !== claims.tokenVersion) {
    throw new AppError("token_revoked", "The access token was revoked; sign in again");
  }
  const actor = { kind: "member" as const, memberId: claims.memberId, role: membership.role };
  return { businessId: claims.businessId, actor, ...reachOf(membership) };
}
