import type { DbOrTransaction } from "@reminder-app/db/database";
import { documents } from "@reminder-app/db/schema/documents";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, isNull, lte, or } from "drizzle-orm";

/** Documents of any business whose bytes are to go: they never came whole by `before`, or were deleted. */
export async function unfinishedDocuments(
  db: DbOrTransaction,
  before: Date,
  limit: number,
): Promise<{ readonly businessId: Id<"Business">; readonly id: Id<"Document"> }[]> {
  const isStale = and(eq(documents.state, "storing"), lte(documents.createdAt, before));
  const isDeleted = and(eq(documents.state, "deleted"), isNull(documents.deletedAt));
  return db
    .select({ businessId: documents.businessId, id: documents.id })
    .from(documents)
    .where(or(isStale, isDeleted))
    .limit(limit);
}
