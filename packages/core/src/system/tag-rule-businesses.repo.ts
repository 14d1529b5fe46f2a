import type { DbOrTransaction } from "@reminder-app/db/database";
import { businesses } from "@reminder-app/db/schema/businesses";
import { tagRules } from "@reminder-app/db/schema/imports";
import type { Id } from "@reminder-app/platform/ids";
import { eq } from "drizzle-orm";

/** Live businesses that have tag rules; test businesses go by their own clocks. */
export async function businessesWithTagRules(db: DbOrTransaction): Promise<Id<"Business">[]> {
  const rows = await db
    .selectDistinct({ businessId: tagRules.businessId })
    .from(tagRules)
    .innerJoin(businesses, eq(businesses.id, tagRules.businessId))
    .where(eq(businesses.mode, "live"));
  return rows.map(({ businessId }) => businessId);
}
