import { randomBytes } from "node:crypto";
import type { Role } from "@reminder-app/db/schema/members";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { signInRepo } from "./members.repo.ts";
import { type Session, sessionRepo } from "./sessions.repo.ts";

const SESSION_MS = 30 * DAY_MS;

/** How a session was authenticated, in the words of RFC 8176: by a password, and by a one-time code. */
export type Amr = "pwd" | "otp";

/** A signed-in member, as the access token names them, and the refresh token that renews it. */
export interface SignedIn {
  readonly businessId: Id<"Business">;
  readonly memberId: Id<"Member">;
  readonly sessionId: Id<"Session">;
  readonly role: Role;
  readonly tokenVersion: number;
  readonly amr: readonly Amr[];
  readonly refreshToken: string;
}

export interface Opening extends Pick<Session, "memberId" | "userAgent" | "authenticatedAt" | "secondFactorAt"> {
  readonly role: Role;
  /** What the member's was when they proved who they are: whoever proved it by what changed since is refused. */
  readonly tokenVersion: number;
  /** 30 days from now, unless it goes on from another session. */
  readonly expiresAt?: Date;
}

/** Open a session in the transaction's business. Throws `token_revoked` when the member's token version is another by now. */
export async function openSession(tx: Ctx, { role, tokenVersion, expiresAt, ...opening }: Opening): Promise<SignedIn> {
  const { memberId } = opening;
  const member = await signInRepo(tx.db).lockMember(memberId);
  if (member?.tokenVersion !== tokenVersion)
    throw new AppError("token_revoked", "Your password or sessions were changed meanwhile; sign in again");
  const now = tx.now();
  const sessionId = newId<"Session">();
  const refreshToken = randomBytes(32).toString("base64url");
  await sessionRepo(tx).insert({
    ...opening,
    id: sessionId,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: expiresAt ?? after(now, SESSION_MS),
  });
  await sessionRepo(tx).insertRefreshToken({ tokenHash: sha256(refreshToken), sessionId, createdAt: now });
  return { businessId: tx.businessId, memberId, sessionId, role, tokenVersion, amr: amrOf(opening), refreshToken };
}

/** What a session keeps that goes on from another. */
export function continuing({ memberId, userAgent, authenticatedAt, secondFactorAt, expiresAt }: Session) {
  return { memberId, userAgent, authenticatedAt, secondFactorAt, expiresAt };
}

export function amrOf({ secondFactorAt }: Pick<Session, "secondFactorAt">): readonly Amr[] {
  return secondFactorAt ? ["pwd", "otp"] : ["pwd"];
}
