import { businesses } from "@reminder-app/db/schema/businesses";
import { clients, contacts } from "@reminder-app/db/schema/clients";
import { deliveries } from "@reminder-app/db/schema/deliveries";
import { assignments } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { type Column, and, eq, gt, or } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

/** What the text of a message is written from. Limited to `businessId`. */
export function textFactRepo({ db, businessId }: Scope) {
  const of = (table: { readonly businessId: Column; readonly id: Column }, id: Column) =>
    and(eq(table.businessId, businessId), eq(table.id, id));

  /** Whether the balance, a date, a name or whatever else a text may say was changed after `since`; the reminder has revisions. */
  async function haveChanged(id: Id<"Delivery">, since: Date): Promise<boolean> {
    const parts = [assignments, clients, contacts, businesses] as const;
    const [row] = await db
      .select({ id: deliveries.id })
      .from(deliveries)
      .innerJoin(assignments, of(assignments, deliveries.assignmentId))
      .innerJoin(clients, of(clients, deliveries.clientId))
      .innerJoin(contacts, of(contacts, deliveries.contactId))
      .innerJoin(businesses, eq(businesses.id, deliveries.businessId))
      .where(
        and(
          eq(deliveries.businessId, businessId),
          eq(deliveries.id, id),
          or(...parts.map(({ updatedAt }) => gt(updatedAt, since))),
        ),
      );
    return row !== undefined;
  }

  return { haveChanged };
}
