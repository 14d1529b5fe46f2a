import { deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import { reminders } from "@reminder-app/db/schema/reminders";
import { and, eq } from "drizzle-orm";
import type { GivenBusiness } from "./given-business.ts";

type Shop = Pick<GivenBusiness, "ctx" | "system">;

/** Everything that was planned for a business, with the moment that each message is about. */
export async function allDeliveries({ ctx, system }: Shop) {
  const rows = await system.db
    .select({ delivery: deliveries, slotKey: occurrences.slotKey })
    .from(deliveries)
    .innerJoin(
      occurrences,
      and(eq(occurrences.businessId, deliveries.businessId), eq(occurrences.id, deliveries.occurrenceId)),
    )
    .where(eq(deliveries.businessId, ctx.businessId));
  return rows.map(({ delivery, slotKey }) => ({ ...delivery, slotKey }));
}

export async function allOccurrences({ ctx, system }: Shop) {
  return system.db.select().from(occurrences).where(eq(occurrences.businessId, ctx.businessId));
}

export async function allReminders({ ctx, system }: Shop) {
  return system.db.select().from(reminders).where(eq(reminders.businessId, ctx.businessId));
}
