import type { DbOrTransaction } from "@reminder-app/db/database";
import { type BusinessMode, type BusinessStatus, businesses } from "@reminder-app/db/schema/businesses";
import { type Role, members, memberships } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Member = typeof members.$inferSelect;

/** A member's place in one business. */
export interface Membership {
  readonly member: Member;
  readonly role: Role;
  readonly limitedToClients: boolean;
  readonly disabledAt: Date | null;
  readonly businessStatus: BusinessStatus;
  readonly businessMode: BusinessMode;
}

/** Whether a member may act for a business now: neither is disabled or suspended, nor their place there. */
export function isAllowedIn(membership: Membership | undefined): membership is Membership {
  return membership?.businessStatus === "active" && !membership.disabledAt && !membership.member.disabledAt;
}

/** Members of one business. */
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
        businessMode: businesses.mode,
      })
      .from(memberships)
      .innerJoin(members, eq(members.id, memberships.memberId))
      .innerJoin(businesses, eq(businesses.id, memberships.businessId))
      .where(and(eq(memberships.businessId, businessId), eq(memberships.memberId, memberId)));
    return row;
  }

  /** Which of `ids` are members of this business. */
  async function existing(ids: readonly Id<"Member">[]): Promise<Set<Id<"Member">>> {
    if (ids.length === 0) return new Set();
    const rows = await db
      .select({ id: memberships.memberId })
      .from(memberships)
      .where(and(eq(memberships.businessId, businessId), inArray(memberships.memberId, [...ids])));
    return new Set(rows.map(({ id }) => id));
  }

  return { insertMembership, findMembership, existing };
}

/** People, before it is known for which business they act. */
export function signInRepo(db: DbOrTransaction) {
  /** By the hashes of their address under all look-up keys. */
  async function findMemberByEmail(emailHashes: readonly Buffer[]): Promise<Member | undefined> {
    const [row] = await db
      .select()
      .from(members)
      .where(inArray(members.emailHash, [...emailHashes]));
    return row;
  }

  async function insertMember(member: typeof members.$inferInsert): Promise<void> {
    await db.insert(members).values(member);
  }

  async function changeMember(
    memberId: Id<"Member">,
    change: Partial<Omit<typeof members.$inferInsert, "id" | "createdAt" | "tokenVersion">>,
  ): Promise<void> {
    await db.update(members).set(change).where(eq(members.id, memberId));
  }

  /** The member, locked until the transaction ends: credentials and sessions change one after another. */
  async function lockMember(memberId: Id<"Member">): Promise<Member | undefined> {
    const [row] = await db.select().from(members).where(eq(members.id, memberId)).for("update");
    return row;
  }

  /** From now on all access tokens of the member are refused that were issued before. */
  async function raiseTokenVersion(memberId: Id<"Member">): Promise<void> {
    await db
      .update(members)
      .set({ tokenVersion: sql`${members.tokenVersion} + 1` })
      .where(eq(members.id, memberId));
  }

  /** The businesses that a member may act for, the oldest membership first. */
  async function businessesOf(memberId: Id<"Member">): Promise<{ id: Id<"Business">; name: string; role: Role }[]> {
    return db
      .select({ id: businesses.id, name: businesses.name, role: memberships.role })
      .from(memberships)
      .innerJoin(businesses, eq(businesses.id, memberships.businessId))
      .where(and(eq(memberships.memberId, memberId), isNull(memberships.disabledAt), eq(businesses.status, "active")))
      .orderBy(asc(memberships.createdAt));
  }

  return { findMemberByEmail, insertMember, changeMember, lockMember, raiseTokenVersion, businessesOf };
}
