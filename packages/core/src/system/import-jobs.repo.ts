import type { DbOrTransaction } from "@reminder-app/db/database";
import { imports } from "@reminder-app/db/schema/imports";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, lte, ne, or, sql } from "drizzle-orm";

export interface DueImport {
  readonly businessId: Id<"Business">;
  readonly importId: Id<"Import">;
}

/** Imports across all businesses, for the sweep and for housekeeping. */
export function importJobRepo(db: DbOrTransaction) {
  /** Imports that wait, or whose worker left them. Those of test businesses too, for they go by no clock. */
  async function importsToRun(limit: number): Promise<DueImport[]> {
    return db
      .select({ businessId: imports.businessId, importId: imports.id })
      .from(imports)
      .where(
        or(
          eq(imports.state, "waiting"),
          and(eq(imports.state, "running"), lte(imports.leaseUntil, sql`utc_timestamp(3)`)),
        ),
      )
      .orderBy(asc(imports.id))
      .limit(limit);
  }

  /** Imports that ended by `before` and whose file is still kept. */
  async function withOldFiles(before: Date, limit: number): Promise<DueImport[]> {
    return db
      .select({ businessId: imports.businessId, importId: imports.id })
      .from(imports)
      .where(and(ne(imports.fileKey, ""), lte(imports.finishedAt, before)))
      .orderBy(asc(imports.id))
      .limit(limit);
  }

  return { importsToRun, withOldFiles };
}
