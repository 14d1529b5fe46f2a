import type { DbOrTransaction } from "@reminder-app/db/database";
import { idempotencyKeys } from "@reminder-app/db/schema/audit";
import { lt } from "drizzle-orm";

/** Delete at most `limit` stored answers of any business that were given before `at`. Answers how many. */
export async function deleteAnswersBefore(db: DbOrTransaction, at: Date, limit: number): Promise<number> {
  const [{ affectedRows }] = await db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, at)).limit(limit);
  return affectedRows;
}
