import { linkVisits } from "@reminder-app/db/schema/documents";
import { and, count, eq, gte, inArray, lt } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import { byQuarter, quarterOf } from "./quarter-hours.repo.ts";

/** Who opened their pages. Limited to `businessId`, and to the clients within reach. */
export function visitRepo(scope: Scope) {
  const { db, businessId } = scope;

  /** What was opened in `[start, end)`, by client and quarter of an hour. */
  async function opened({ start, end }: { start: Date; end: Date }) {
    const { clientId, use, createdAt } = linkVisits;
    return db
      .select({ at: quarterOf(createdAt), clientId, use, visits: count() })
      .from(linkVisits)
      .where(
        and(
          eq(linkVisits.businessId, businessId),
          withinReach(scope, clientId),
          inArray(use, ["opened", "scanned"]),
          gte(createdAt, start),
          lt(createdAt, end),
        ),
      )
      .groupBy(byQuarter, clientId, use);
  }

  return { opened };
}
