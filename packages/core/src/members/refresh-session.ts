import { DAY_MS, SECOND_MS } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, type SystemCtx, actFor, inTransaction } from "../ctx.ts";
import { type Membership, type Session, memberRepo, signInRepo } from "./members.repo.ts";
import type { SignedIn } from "./sign-in.ts";

const IDLE_MS = 7 * DAY_MS;
/** Two tabs may renew at once: within this time a rotated token gives the same successor, later it counts as stolen. */
const REPLAY_MS = 10 * SECOND_MS;

/**
 * Rotate a refresh token. Throws `token_invalid`, `token_expired`, `token_revoked`, or `token_reused`, which also
 * revokes the whole session.
 */
export async function refreshSession(system: SystemCtx, refreshToken: string): Promise<SignedIn> {
  const tokenHash = sha256(refreshToken);
  const owner = await signInRepo(system.db).businessOfRefreshToken(tokenHash);
  if (!owner) throw new AppError("token_invalid", "The refresh token is unknown; sign in again");

  const ctx = actFor(system, owner.businessId, "refresh");
  const { session, membership } = await requireLive(ctx, owner.sessionId);
  const successor = successorOf(ctx, refreshToken);
  const rotated = await rotate(ctx, { tokenHash, successor, sessionId: session.id });
  if (!rotated) await refuseReuse(ctx, { tokenHash, session });

  return {
    businessId: ctx.businessId,
    memberId: session.memberId,
    sessionId: session.id,
    role: membership.role,
    tokenVersion: membership.member.tokenVersion,
    refreshToken: successor,
  };
}

async function requireLive(ctx: Ctx, sessionId: Id<"Session">): Promise<{ session: Session; membership: Membership }> {
  const session = await memberRepo(ctx).findSession(sessionId);
  const membership = session && (await memberRepo(ctx).findMembership(session.memberId));
  if (!session || membership?.businessStatus !== "active" || membership.member.disabledAt)
    throw new AppError("token_invalid", "The member may not sign in");
  if (session.revokedAt) throw new AppError("token_revoked", "The session was ended; sign in again");
  const now = ctx.now().getTime();
  if (now >= session.expiresAt.getTime() || now >= session.lastUsedAt.getTime() + IDLE_MS) {
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
  { tokenHash, successor, sessionId }: { tokenHash: Buffer; successor: string; sessionId: Id<"Session"> },
): Promise<boolean> {
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const first = await memberRepo(tx).rotateRefreshToken(tokenHash, now);
    if (!first) return false;
    await memberRepo(tx).insertRefreshToken({ tokenHash: sha256(successor), sessionId, createdAt: now });
    await memberRepo(tx).touchSession(sessionId, now);
    return true;
  });
}

async function refuseReuse(ctx: Ctx, { tokenHash, session }: { tokenHash: Buffer; session: Session }): Promise<void> {
  const rotatedAt = await memberRepo(ctx).findRotatedAt(tokenHash);
  if (rotatedAt && ctx.now().getTime() - rotatedAt.getTime() <= REPLAY_MS) return;
  await inTransaction(ctx, async (tx) => {
    await memberRepo(tx).revokeSession(session.id, tx.now(), "reuse");
    await recordAudit(tx, "session.reuse_detected", { entityId: session.id });
  });
  throw new AppError("token_reused", "The refresh token was used before; the session was ended, sign in again");
}
