import type { DbOrTransaction } from "@reminder-app/db/database";
import { imports } from "@reminder-app/db/schema/imports";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, lte, or, sql } from "drizzle-orm";

export interface DueImport {
  readonly businessId: Id<"Business">;
  readonly importId: Id<"Import">;
}

/** Imports across all businesses, for the sweep only. */
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

  return { importsToRun };
}
