import { type Role, clientStaff, members, memberships, refreshTokens, sessions } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

/** A person's place in one business, with who they are. */
export interface Place {
  readonly id: Id<"Member">;
  readonly name: string;
  readonly email: Buffer;
  readonly emailVerifiedAt: Date | null;
  readonly role: Role;
  readonly limitedToClients: boolean;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
}

export interface PlaceChange {
  readonly role?: Role;
  readonly limitedToClients?: boolean;
  readonly disabledAt?: Date | null;
}

/** Who belongs to one business, and as what. */
export function membershipRepo({ db, businessId }: Scope) {
  const mine = eq(memberships.businessId, businessId);
  const one = (memberId: Id<"Member">) => and(mine, eq(memberships.memberId, memberId));

  const places = () =>
    db
      .select({
        id: members.id,
        name: members.name,
        email: members.email,
        emailVerifiedAt: members.emailVerifiedAt,
        role: memberships.role,
        limitedToClients: memberships.limitedToClients,
        disabledAt: memberships.disabledAt,
        createdAt: memberships.createdAt,
      })
      .from(memberships)
      .innerJoin(members, eq(members.id, memberships.memberId));

  async function find(memberId: Id<"Member">): Promise<Place | undefined> {
    const [row] = await places().where(one(memberId));
    return row;
  }

  async function page({ limit, cursor }: { limit: number; cursor?: Id<"Member"> | undefined }): Promise<Place[]> {
    return places()
      .where(and(mine, cursor ? gt(memberships.memberId, cursor) : undefined))
      .orderBy(asc(memberships.memberId))
      .limit(limit + 1);
  }

  /** Whether the person with that address, given by its hashes under all look-up keys, belongs here, disabled or not. */
  async function hasAddress(emailHashes: readonly Buffer[]): Promise<boolean> {
    const rows = await db
      .select({ id: members.id })
      .from(memberships)
      .innerJoin(members, eq(members.id, memberships.memberId))
      .where(and(mine, inArray(members.emailHash, [...emailHashes])));
    return rows.length > 0;
  }

  /** Everybody's role, locked until the transaction ends, so that changes of roles come one after another. */
  async function lockAll(): Promise<Map<Id<"Member">, { role: Role; disabledAt: Date | null }>> {
    const rows = await db
      .select({ id: memberships.memberId, role: memberships.role, disabledAt: memberships.disabledAt })
      .from(memberships)
      .where(mine)
      .for("update");
    return new Map(rows.map(({ id, ...place }) => [id, place]));
  }

  /** Insert unless they belong here already. */
  async function insertOnce(membership: Omit<typeof memberships.$inferInsert, "businessId">): Promise<void> {
    await db
      .insert(memberships)
      .values({ ...membership, businessId })
      .onDuplicateKeyUpdate({ set: { memberId: sql`${memberships.memberId}` } });
  }

  async function update(memberId: Id<"Member">, change: PlaceChange): Promise<void> {
    await db.update(memberships).set(change).where(one(memberId));
  }

  /** End all sessions of a member in this business. */
  async function endSessions(memberId: Id<"Member">, revokedAt: Date): Promise<void> {
    await db
      .update(sessions)
      .set({ revokedAt, revokedReason: "ended" })
      .where(and(eq(sessions.businessId, businessId), eq(sessions.memberId, memberId), isNull(sessions.revokedAt)));
  }

  /** Take a member's place away with what hangs on it: sessions and clients. The person stays, and what they did. */
  async function remove(memberId: Id<"Member">): Promise<void> {
    const theirs = await db
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(eq(sessions.businessId, businessId), eq(sessions.memberId, memberId)));
    const sessionIds = theirs.map(({ id }) => id);
    if (sessionIds.length > 0) {
      await db
        .delete(refreshTokens)
        .where(and(eq(refreshTokens.businessId, businessId), inArray(refreshTokens.sessionId, sessionIds)));
      await db.delete(sessions).where(and(eq(sessions.businessId, businessId), inArray(sessions.id, sessionIds)));
    }
    await db.delete(clientStaff).where(and(eq(clientStaff.businessId, businessId), eq(clientStaff.memberId, memberId)));
    await db.delete(memberships).where(one(memberId));
  }

  return { find, page, hasAddress, lockAll, insertOnce, update, endSessions, remove };
}
