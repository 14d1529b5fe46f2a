import type { DbOrTransaction } from "@reminder-app/db/database";
import { members, recoveryCodes } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, isNull, lt, or } from "drizzle-orm";

/** The second factor of one person, the same for all their businesses. */
export function secondFactorRepo(db: DbOrTransaction, memberId: Id<"Member">) {
  const me = eq(members.id, memberId);

  /** True once for a time step: it and all steps before it serve no more. */
  async function useStep(step: number): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(members)
      .set({ totpLastStep: step })
      .where(and(me, or(isNull(members.totpLastStep), lt(members.totpLastStep, step))));
    return affectedRows === 1;
  }

  /** True once for a recovery code. */
  async function useRecoveryCode(codeHash: Buffer, usedAt: Date): Promise<boolean> {
    const [{ affectedRows }] = await db
      .update(recoveryCodes)
      .set({ usedAt })
      .where(
        and(eq(recoveryCodes.memberId, memberId), eq(recoveryCodes.codeHash, codeHash), isNull(recoveryCodes.usedAt)),
      );
    return affectedRows === 1;
  }

  return { useStep, useRecoveryCode };
}
