import type { DbOrTransaction } from "@reminder-app/db/database";
import { businesses } from "@reminder-app/db/schema/businesses";
import { clients } from "@reminder-app/db/schema/clients";
import { occurrences } from "@reminder-app/db/schema/deliveries";
import { reminders, goingStatuses } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, exists, gt, inArray, or, sql } from "drizzle-orm";
import type { DueReminder } from "./overdue.repo.ts";

/** Whom the clocks of some zone concern. */
export interface BusinessInZone {
  readonly businessId: Id<"Business">;
  readonly zone: string | null;
}

/** What a change of time zone data concerns, across all businesses; for the start of a worker only. */
export function clocksRepo(db: DbOrTransaction) {
  /** Reminders that something is still to come of, page by page. */
  async function unfinishedReminders(cursor: DueReminder | undefined, limit: number): Promise<DueReminder[]> {
    const { businessId, id, status } = reminders;
    const further =
      cursor &&
      or(gt(businessId, cursor.businessId), and(eq(businessId, cursor.businessId), gt(id, cursor.reminderId)));
    const open = db
      .select({ one: sql`1` })
      .from(occurrences)
      .where(
        and(
          eq(occurrences.businessId, businessId),
          eq(occurrences.reminderId, id),
          inArray(occurrences.state, ["planned", "expanding", "expanded"]),
        ),
      );
    return db
      .select({ businessId, reminderId: id })
      .from(reminders)
      .where(and(or(inArray(status, goingStatuses), and(eq(status, "completed"), exists(open))), further))
      .orderBy(asc(businessId), asc(id))
      .limit(limit);
  }

  /** Businesses that are in one of these zones, or have clients there. */
  async function businessesIn(zones: readonly string[]): Promise<BusinessInZone[]> {
    if (zones.length === 0) return [];
    const own = await db
      .select({ businessId: businesses.id, zone: businesses.timeZone })
      .from(businesses)
      .where(inArray(businesses.timeZone, [...zones]));
    const ofClients = await db
      .selectDistinct({ businessId: clients.businessId, zone: clients.timeZone })
      .from(clients)
      .where(inArray(clients.timeZone, [...zones]));
    return [...own, ...ofClients];
  }

  return { unfinishedReminders, businessesIn };
}
