import type { DbOrTransaction } from "@reminder-app/db/database";
import { apiKeys } from "@reminder-app/db/schema/access";
import type { Id } from "@reminder-app/platform/ids";
import { eq } from "drizzle-orm";

/** Which key of which business has this hash. */
export async function findApiKey(
  db: DbOrTransaction,
  keyHash: Buffer,
): Promise<{ businessId: Id<"Business">; id: Id<"ApiKey"> } | undefined> {
  const [row] = await db
    .select({ businessId: apiKeys.businessId, id: apiKeys.id })
    .from(apiKeys)
    .where(eq(apiKeys.keyHash, keyHash));
  return row;
}
