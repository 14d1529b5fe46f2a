import { decidedSends } from "@reminder-app/db/schema/deliveries";
import { testMessages } from "@reminder-app/db/schema/test-mode";
import { and, eq, isNotNull, lt } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

/** Texts of messages. Every query below is limited to `businessId`. */
export function oldTextRepo({ db, businessId }: Scope) {
  /** Delete at most `limit` texts of each kind that are older than `at`. What was decided about a send stays. Answers how many. */
  async function forget(at: Date, limit: number): Promise<number> {
    const [changed] = await db
      .update(decidedSends)
      .set({ subject: null, body: null })
      .where(and(eq(decidedSends.businessId, businessId), lt(decidedSends.decidedAt, at), isNotNull(decidedSends.body)))
      .limit(limit);
    const [unsent] = await db
      .delete(testMessages)
      .where(and(eq(testMessages.businessId, businessId), lt(testMessages.sentAt, at)))
      .limit(limit);
    return changed.affectedRows + unsent.affectedRows;
  }

  return { forget };
}
