import type { DbOrTransaction } from "@reminder-app/db/database";
import { members, recoveryCodes, sessions } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Member } from "./members.repo.ts";

/** One person's account, whichever businesses they belong to. */
export function accountRepo(db: DbOrTransaction, memberId: Id<"Member">) {
  const me = eq(members.id, memberId);

  /** Locked until the transaction ends: what concerns one account comes one after another. */
  async function lock(): Promise<Member | undefined> {
    const [row] = await db.select().from(members).where(me).for("update");
    return row;
  }

  async function update(change: Partial<Omit<typeof members.$inferInsert, "id" | "createdAt">>): Promise<void> {
    await db.update(members).set(change).where(me);
  }

  /** End all sessions, and refuse all access tokens that were issued before. */
  async function endSessions(revokedAt: Date): Promise<void> {
    await db
      .update(members)
      .set({ tokenVersion: sql`${members.tokenVersion} + 1` })
      .where(me);
    await db
      .update(sessions)
      .set({ revokedAt, revokedReason: "ended" })
      .where(and(eq(sessions.memberId, memberId), isNull(sessions.revokedAt)));
  }

  async function removeSecondFactor(): Promise<void> {
    await update({ totpSecret: null, totpConfirmedAt: null, totpLastStep: null });
    await db.delete(recoveryCodes).where(eq(recoveryCodes.memberId, memberId));
  }

  return { lock, update, endSessions, removeSecondFactor };
}
