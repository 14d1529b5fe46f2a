import type { DbOrTransaction } from "@reminder-app/db/database";
import { type BusinessStatus, businesses } from "@reminder-app/db/schema/businesses";
import {
  type RevokedReason,
  type Role,
  members,
  memberships,
  refreshTokens,
  sessions,
} from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, isNull } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Member = typeof members.$inferSelect;
export type Session = typeof sessions.$inferSelect;

/** A member's place in one business. */
export interface Membership {
  readonly member: Member;
  readonly role: Role;
  readonly limitedToClients: boolean;
  readonly disabledAt: Date | null;
  readonly businessStatus: BusinessStatus;
}

/** Members and sessions of one business. */
export function memberRepo({ db, businessId }: Scope) {
  async function insertMembership(memberId: Id<"Member">, role: Role, createdAt: Date): Promise<void> {
    await db.insert(memberships).values({ businessId, memberId, role, createdAt });
  }

  async function findMembership(memberId: Id<"Member">): Promise<Membership | undefined> {
    const [row] = await db
      .select({
        member: members,
        role: memberships.role,
        limitedToClients: memberships.limitedToClients,
        disabledAt: memberships.disabledAt,
        businessStatus: businesses.status,
      })
      .from(memberships)
      .innerJoin(members, eq(members.id, memberships.memberId))
      .innerJoin(businesses, eq(businesses.id, memberships.businessId))
      .where(and(eq(memberships.businessId, businessId), eq(memberships.memberId, memberId)));
    return row;
  }

  async function insertSession(session: Omit<typeof sessions.$inferInsert, "businessId">): Promise<void> {
    await db.insert(sessions).values({ ...session, businessId });
  }

  async function findSession(sessionId: Id<"Session">): Promise<Session | undefined> {
    const [row] = await db.select().from(sessions).where(oneSession(sessionId));
    return row;
  }

  async function touchSession(sessionId: Id<"Session">, lastUsedAt: Date): Promise<void> {
    await db.update(sessions).set({ lastUsedAt }).where(oneSession(sessionId));
  }

  async function revokeSession(
    sessionId: Id<"Session">,
    revokedAt: Date,
    revokedReason: RevokedReason,
  ): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(sessions)
      .set({ revokedAt, revokedReason })
      .where(and(oneSession(sessionId), isNull(sessions.revokedAt)));
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
      .where(
        and(
          eq(refreshTokens.tokenHash, tokenHash),
          eq(refreshTokens.businessId, businessId),
          isNull(refreshTokens.rotatedAt),
        ),
      );
    return affectedRows === 1;
  }

  async function findRotatedAt(tokenHash: Buffer): Promise<Date | undefined> {
    const [row] = await db
      .select({ rotatedAt: refreshTokens.rotatedAt })
      .from(refreshTokens)
      .where(and(eq(refreshTokens.tokenHash, tokenHash), eq(refreshTokens.businessId, businessId)));
    return row?.rotatedAt ?? undefined;
  }

  const oneSession = (id: Id<"Session">) => and(eq(sessions.businessId, businessId), eq(sessions.id, id));

  return {
    insertMembership,
    findMembership,
    insertSession,
    findSession,
    touchSession,
    revokeSession,
    insertRefreshToken,
    rotateRefreshToken,
    findRotatedAt,
  };
}

/** People, before it is known for which business they act. */
export function signInRepo(db: DbOrTransaction) {
  async function findMemberByEmail(emailHash: Buffer): Promise<Member | undefined> {
    const [row] = await db.select().from(members).where(eq(members.emailHash, emailHash));
    return row;
  }

  async function insertMember(member: typeof members.$inferInsert): Promise<void> {
    await db.insert(members).values(member);
  }

  /** The businesses that a member belongs to, the oldest membership first. */
  async function businessesOf(memberId: Id<"Member">): Promise<{ id: Id<"Business">; name: string; role: Role }[]> {
    return db
      .select({ id: businesses.id, name: businesses.name, role: memberships.role })
      .from(memberships)
      .innerJoin(businesses, eq(businesses.id, memberships.businessId))
      .where(and(eq(memberships.memberId, memberId), eq(businesses.status, "active")))
      .orderBy(asc(memberships.createdAt));
  }

  async function businessOfRefreshToken(
    tokenHash: Buffer,
  ): Promise<{ businessId: Id<"Business">; sessionId: Id<"Session"> } | undefined> {
    const [row] = await db
      .select({ businessId: refreshTokens.businessId, sessionId: refreshTokens.sessionId })
      .from(refreshTokens)
      .where(eq(refreshTokens.tokenHash, tokenHash));
    return row;
  }

  return { findMemberByEmail, insertMember, businessesOf, businessOfRefreshToken };
}
