import type { DbOrTransaction } from "@reminder-app/db/database";
import { clientLinks } from "@reminder-app/db/schema/documents";
import type { Id } from "@reminder-app/platform/ids";
import { eq } from "drizzle-orm";

/** Which link of which business has a token with this hash. */
export async function findLink(
  db: DbOrTransaction,
  tokenHash: Buffer,
): Promise<{ businessId: Id<"Business">; id: Id<"ClientLink"> } | undefined> {
  const [row] = await db
    .select({ businessId: clientLinks.businessId, id: clientLinks.id })
    .from(clientLinks)
    .where(eq(clientLinks.tokenHash, tokenHash));
  return row;
}
