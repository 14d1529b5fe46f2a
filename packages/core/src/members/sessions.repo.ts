import type { DbOrTransaction } from "@reminder-app/db/database";
import {
  type RevokedReason,
  memberships,
  refreshTokens,
  revokedTokens,
  sessions,
} from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { and, desc, eq, gt, inArray, isNull, lt, lte } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Session = typeof sessions.$inferSelect;

/** Sessions and their refresh tokens, of one business. */
export function sessionRepo({ db, businessId }: Scope) {
  const one = (id: Id<"Session">) => and(eq(sessions.businessId, businessId), eq(sessions.id, id));
  const oneToken = (tokenHash: Buffer) =>
    and(eq(refreshTokens.tokenHash, tokenHash), eq(refreshTokens.businessId, businessId));

  async function insert(session: Omit<typeof sessions.$inferInsert, "businessId">): Promise<void> {
    await db.insert(sessions).values({ ...session, businessId });
  }

  async function find(sessionId: Id<"Session">): Promise<Session | undefined> {
    const [row] = await db.select().from(sessions).where(one(sessionId));
    return row;
  }

  /** Sessions of a member that are not revoked, not over at `now` and were used after `usedAfter`, the newest first. */
  async function pageLive(
    memberId: Id<"Member">,
    {
      now,
      usedAfter,
      limit,
      cursor,
    }: { now: Date; usedAfter: Date; limit: number; cursor?: Id<"Session"> | undefined },
  ): Promise<Session[]> {
    return db
      .select()
      .from(sessions)
      .where(
        and(
          eq(sessions.businessId, businessId),
          eq(sessions.memberId, memberId),
          isNull(sessions.revokedAt),
          gt(sessions.expiresAt, now),
          gt(sessions.lastUsedAt, usedAfter),
          cursor ? lt(sessions.id, cursor) : undefined,
        ),
      )
      .orderBy(desc(sessions.id))
      .limit(limit + 1);
  }

  async function update(
    sessionId: Id<"Session">,
    change: Partial<Pick<Session, "lastUsedAt" | "userAgent" | "authenticatedAt" | "secondFactorAt">>,
  ): Promise<void> {
    await db.update(sessions).set(change).where(one(sessionId));
  }

  /** False when it had ended before. */
  async function revoke(sessionId: Id<"Session">, revokedAt: Date, revokedReason: RevokedReason): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(sessions)
      .set({ revokedAt, revokedReason })
      .where(and(one(sessionId), isNull(sessions.revokedAt)));
    return affectedRows === 1;
  }

  /** Insert unless it is there already: rotating twice gives the same successor. */
  async function insertRefreshToken(token: Omit<typeof refreshTokens.$inferInsert, "businessId">): Promise<void> {
    await db
      .insert(refreshTokens)
      .values({ ...token, businessId })
      .onDuplicateKeyUpdate({ set: { tokenHash: token.tokenHash } });
  }

  /** True for the one caller that rotates it; false when it was rotated before. */
  async function rotateRefreshToken(tokenHash: Buffer, rotatedAt: Date): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(refreshTokens)
      .set({ rotatedAt })
      .where(and(oneToken(tokenHash), isNull(refreshTokens.rotatedAt)));
    return affectedRows === 1;
  }

  async function findRotatedAt(tokenHash: Buffer): Promise<Date | undefined> {
    const [row] = await db
      .select({ rotatedAt: refreshTokens.rotatedAt })
      .from(refreshTokens)
      .where(oneToken(tokenHash));
    return row?.rotatedAt ?? undefined;
  }

  return { insert, find, pageLive, update, revoke, insertRefreshToken, rotateRefreshToken, findRotatedAt };
}

/** Sessions and tokens of people, whichever business they act for. */
export function peopleSessionsRepo(db: DbOrTransaction) {
  async function ofRefreshToken(
    tokenHash: Buffer,
  ): Promise<{ businessId: Id<"Business">; sessionId: Id<"Session"> } | undefined> {
    const [row] = await db
      .select({ businessId: refreshTokens.businessId, sessionId: refreshTokens.sessionId })
      .from(refreshTokens)
      .where(eq(refreshTokens.tokenHash, tokenHash));
    return row;
  }

  async function revokeAll(memberId: Id<"Member">, revokedAt: Date, revokedReason: RevokedReason): Promise<void> {
    const places = await db
      .select({ businessId: memberships.businessId })
      .from(memberships)
      .where(eq(memberships.memberId, memberId));
    // By business, because sessions are found by (business, member).
    for (const { businessId } of places) {
      await db
        .update(sessions)
        .set({ revokedAt, revokedReason })
        .where(and(eq(sessions.businessId, businessId), eq(sessions.memberId, memberId), isNull(sessions.revokedAt)));
    }
  }

  /** Refuse an access token until it would have expired anyway. */
  async function revokeToken(token: typeof revokedTokens.$inferInsert): Promise<void> {
    await db
      .insert(revokedTokens)
      .values(token)
      .onDuplicateKeyUpdate({ set: { jti: token.jti } });
  }

  async function isTokenRevoked(jti: Id<"AccessToken">): Promise<boolean> {
    const rows = await db.select({ jti: revokedTokens.jti }).from(revokedTokens).where(eq(revokedTokens.jti, jti));
    return rows.length > 0;
  }

  /** Forget some tokens that were revoked and have expired by `now`. */
  async function forgetExpiredTokens(now: Date, limit: number): Promise<void> {
    const expired = await db
      .select({ jti: revokedTokens.jti })
      .from(revokedTokens)
      .where(lte(revokedTokens.expiresAt, now))
      .limit(limit);
    if (expired.length === 0) return;
    await db.delete(revokedTokens).where(
      inArray(
        revokedTokens.jti,
        expired.map(({ jti }) => jti),
      ),
    );
  }

  return { ofRefreshToken, revokeAll, revokeToken, isTokenRevoked, forgetExpiredTokens };
}
