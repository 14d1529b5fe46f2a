import { isOneOf } from "@reminder-app/db/bulk";
import { clients, contacts } from "@reminder-app/db/schema/clients";
import { businesses } from "@reminder-app/db/schema/businesses";
import { deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import { assignments } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";
import type { NewDelivery } from "../deliveries/deliveries.repo.ts";
import type { Occurrence } from "../occurrences/occurrences.repo.ts";

/** What is planned and has not left. Every query below is limited to `businessId`; there is no unscoped way in. */
export function plannedAheadRepo({ db, businessId }: Scope) {
  /** The moments of a reminder that something of may still leave. */
  async function openOccurrences(reminderId: Id<"Reminder">): Promise<Occurrence[]> {
    return db
      .select()
      .from(occurrences)
      .where(
        and(
          eq(occurrences.businessId, businessId),
          eq(occurrences.reminderId, reminderId),
          inArray(occurrences.state, ["planned", "expanding", "expanded"]),
        ),
      );
  }

  async function assignmentsOf(ids: readonly Id<"Assignment">[]) {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(assignments)
      .where(and(eq(assignments.businessId, businessId), isOneOf(assignments.id, ids)));
  }

  /** Deliveries that wait and were never tried, each with its recipient's zone: contact, client, business, in this order. */
  async function waitingOf(ids: readonly Id<"Occurrence">[]) {
    if (ids.length === 0) return [];
    return db
      .select({
        id: deliveries.id,
        occurrenceId: deliveries.occurrenceId,
        channel: deliveries.channel,
        fence: deliveries.fence,
        urgent: deliveries.urgent,
        reason: deliveries.reason,
        nextAt: deliveries.nextAt,
        dueAt: deliveries.dueAt,
        expiresAt: deliveries.expiresAt,
        zone: sql<string>`coalesce(${contacts.timeZone}, ${clients.timeZone}, ${businesses.timeZone})`,
      })
      .from(deliveries)
      .innerJoin(businesses, eq(businesses.id, deliveries.businessId))
      .innerJoin(clients, and(eq(clients.businessId, deliveries.businessId), eq(clients.id, deliveries.clientId)))
      .innerJoin(contacts, and(eq(contacts.businessId, deliveries.businessId), eq(contacts.id, deliveries.contactId)))
      .where(
        and(
          eq(deliveries.businessId, businessId),
          isOneOf(deliveries.occurrenceId, ids),
          eq(deliveries.state, "queued"),
          eq(deliveries.tries, 0),
        ),
      );
  }

  /** Change a delivery that still waits as it was seen; one that was taken up meanwhile is left alone. */
  async function redate({ id, fence }: Pick<WaitingDelivery, "id" | "fence">, change: Partial<NewDelivery>) {
    await db
      .update(deliveries)
      .set(change)
      .where(
        and(
          eq(deliveries.businessId, businessId),
          eq(deliveries.id, id),
          eq(deliveries.fence, fence),
          eq(deliveries.state, "queued"),
        ),
      );
  }

  return { openOccurrences, assignmentsOf, waitingOf, redate };
}

export type WaitingDelivery = Awaited<ReturnType<ReturnType<typeof plannedAheadRepo>["waitingOf"]>>[number];
