import type { DbOrTransaction } from "@reminder-app/db/database";
import { businesses } from "@reminder-app/db/schema/businesses";
import type { Id } from "@reminder-app/platform/ids";
import { isNotNull } from "drizzle-orm";

/** The businesses that said for how long they keep something. */
export async function businessesWithRetention(db: DbOrTransaction): Promise<Id<"Business">[]> {
  const rows = await db.select({ id: businesses.id }).from(businesses).where(isNotNull(businesses.retention));
  return rows.map(({ id }) => id);
}
