import type { DbOrTransaction } from "@reminder-app/db/database";
import { type MemberTokenPurpose, memberTokens } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, gt, isNull } from "drizzle-orm";

export type MemberToken = typeof memberTokens.$inferSelect;

/** Tokens that were mailed to people, by their SHA-256. */
export function memberTokenRepo(db: DbOrTransaction) {
  const live = (tokenHash: Buffer, purpose: MemberTokenPurpose, now: Date) =>
    and(
      eq(memberTokens.tokenHash, tokenHash),
      eq(memberTokens.purpose, purpose),
      isNull(memberTokens.usedAt),
      gt(memberTokens.expiresAt, now),
    );

  async function insert(token: typeof memberTokens.$inferInsert): Promise<void> {
    await db.insert(memberTokens).values(token);
  }

  async function findLive(tokenHash: Buffer, purpose: MemberTokenPurpose, now: Date): Promise<MemberToken | undefined> {
    const [row] = await db
      .select()
      .from(memberTokens)
      .where(live(tokenHash, purpose, now));
    return row;
  }

  /** True for the one caller that uses it; false when it was used, has expired or serves something else. */
  async function use(tokenHash: Buffer, purpose: MemberTokenPurpose, now: Date): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(memberTokens)
      .set({ usedAt: now })
      .where(live(tokenHash, purpose, now));
    return affectedRows === 1;
  }

  /** Take away what was mailed to a member, for one purpose or for all. */
  async function removeOf(memberId: Id<"Member">, purpose?: MemberTokenPurpose): Promise<void> {
    await db
      .delete(memberTokens)
      .where(and(eq(memberTokens.memberId, memberId), purpose ? eq(memberTokens.purpose, purpose) : undefined));
  }

  return { insert, findLive, use, removeOf };
}
