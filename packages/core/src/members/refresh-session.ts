import { DAY_MS, SECOND_MS, after } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, type SystemCtx, actFor, inTransaction } from "../ctx.ts";
import { type Membership, isAllowedIn, memberRepo } from "./members.repo.ts";
import { type SignedIn, amrOf } from "./open-session.ts";
import { type Session, peopleSessionsRepo, sessionRepo } from "./sessions.repo.ts";

export const IDLE_MS = 7 * DAY_MS;
/** Two tabs may renew at once: within this time a rotated token gives the same successor, later it counts as stolen. */
const REPLAY_MS = 10 * SECOND_MS;

/** A refresh token, and what the program that holds it calls itself. */
export interface Renewal {
  readonly refreshToken: string;
  readonly userAgent: string | null;
}

/**
 * Rotate a refresh token. Throws `token_invalid`, `token_expired`, `token_revoked`, or `token_reused`, which also
 * revokes the whole session.
 */
export async function refreshSession(system: SystemCtx, renewal: Renewal): Promise<SignedIn> {
  const owner = await peopleSessionsRepo(system.db).ofRefreshToken(sha256(renewal.refreshToken));
  if (!owner) throw new AppError("token_invalid", "The refresh token is unknown; sign in again");

  const ctx = actFor(system, owner.businessId, "refresh");
  const { session, membership } = await requireLive(ctx, owner.sessionId);
  const successor = successorOf(ctx, renewal.refreshToken);
  const rotated = await rotate(ctx, { renewal, successor, sessionId: session.id });
  if (!rotated) await refuseReuse(ctx, { renewal, sessionId: session.id });

  return {
    businessId: ctx.businessId,
    memberId: session.memberId,
    sessionId: session.id,
    role: membership.role,
    tokenVersion: membership.member.tokenVersion,
    amr: amrOf(session),
    refreshToken: successor,
  };
}

async function requireLive(ctx: Ctx, sessionId: Id<"Session">): Promise<{ session: Session; membership: Membership }> {
  const session = await sessionRepo(ctx).find(sessionId);
  const membership = session && (await memberRepo(ctx).findMembership(session.memberId));
  if (!session || !isAllowedIn(membership)) throw new AppError("token_invalid", "The member may not sign in");
  if (session.revokedAt) throw new AppError("token_revoked", "The session was ended; sign in again");
  const now = ctx.now();
  if (now >= session.expiresAt || now >= after(session.lastUsedAt, IDLE_MS)) {
    throw new AppError("token_expired", "The session has expired; sign in again");
  }
  return { session, membership };
}

/** The successor is derived, so that callers that race with one token get the same one without it being stored. */
function successorOf(ctx: Ctx, refreshToken: string): string {
  return ctx.vault.lookup("refresh-successor", refreshToken).toString("base64url");
}

function rotate(
  ctx: Ctx,
  { renewal, successor, sessionId }: { renewal: Renewal; successor: string; sessionId: Id<"Session"> },
): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const first = await sessionRepo(tx).rotateRefreshToken(sha256(renewal.refreshToken), now);
    if (!first) return false;
    await sessionRepo(tx).insertRefreshToken({ tokenHash: sha256(successor), sessionId, createdAt: now });
    // Programs are updated while they are signed in, so whoever rotates is whose replay is expected.
    await sessionRepo(tx).update(sessionId, { lastUsedAt: now, userAgent: renewal.userAgent });
    return true;
  });
}

/** A rotated token may come again from the program that rotated it, for a moment; else its family is revoked. */
async function refuseReuse(
  ctx: Ctx,
  { renewal, sessionId }: { renewal: Renewal; sessionId: Id<"Session"> },
): Promise<void> {
  const rotatedAt = await sessionRepo(ctx).findRotatedAt(sha256(renewal.refreshToken));
  const session = await sessionRepo(ctx).find(sessionId);
  const soon = rotatedAt && ctx.now() <= after(rotatedAt, REPLAY_MS);
  if (soon && session?.userAgent === renewal.userAgent) return;
  await inTransaction(ctx, async (tx) => {
    await sessionRepo(tx).revoke(sessionId, tx.now(), "reuse");
    await recordAudit(tx, "session.reuse_detected", { entityId: sessionId });
  });
  throw new AppError("token_reused", "The refresh token was used before; the session was ended, sign in again");
}
