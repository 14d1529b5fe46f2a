import type { DbOrTransaction } from "@reminder-app/db/database";
import { members, recoveryCodes } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { and, count, eq, inArray, isNull, lt, or } from "drizzle-orm";

/** The second factor of one person, the same for all their businesses. */
export function secondFactorRepo(db: DbOrTransaction, memberId: Id<"Member">) {
  const me = eq(members.id, memberId);

  /** Keep a secret that is not proven yet. */
  async function setSecret(totpSecret: Buffer): Promise<void> {
    await db.update(members).set({ totpSecret, totpConfirmedAt: null, totpLastStep: null }).where(me);
  }

  async function confirm(confirmedAt: Date): Promise<void> {
    await db.update(members).set({ totpConfirmedAt: confirmedAt }).where(me);
  }

  async function replaceRecoveryCodes(codeHashes: readonly Buffer[]): Promise<void> {
    await db.delete(recoveryCodes).where(eq(recoveryCodes.memberId, memberId));
    await db.insert(recoveryCodes).values(codeHashes.map((codeHash) => ({ memberId, codeHash })));
  }

  async function remove(): Promise<void> {
    await db.delete(recoveryCodes).where(eq(recoveryCodes.memberId, memberId));
    await db.update(members).set({ totpSecret: null, totpConfirmedAt: null, totpLastStep: null }).where(me);
  }

  async function unusedRecoveryCodes(): Promise<number> {
    const [row] = await db
      .select({ left: count() })
      .from(recoveryCodes)
      .where(and(eq(recoveryCodes.memberId, memberId), isNull(recoveryCodes.usedAt)));
    return row?.left ?? 0;
  }

  /** True once for a time step: it and all steps before it serve no more. */
  async function useStep(step: number): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(members)
      .set({ totpLastStep: step })
      .where(and(me, or(isNull(members.totpLastStep), lt(members.totpLastStep, step))));
    return affectedRows === 1;
  }

  /** True once for a recovery code. */
  async function useRecoveryCode(codeHashes: readonly Buffer[], usedAt: Date): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(recoveryCodes)
      .set({ usedAt })
      .where(
        and(
          eq(recoveryCodes.memberId, memberId),
          inArray(recoveryCodes.codeHash, [...codeHashes]),
          isNull(recoveryCodes.usedAt),
        ),
      );
    return affectedRows === 1;
  }

  return { setSecret, confirm, replaceRecoveryCodes, remove, unusedRecoveryCodes, useStep, useRecoveryCode };
}
