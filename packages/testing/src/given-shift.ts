import { reminderRepo } from "@reminder-app/core/reminders/reminders.repo";
import { type Delivery, type NewDelivery } from "@reminder-app/core/deliveries/deliveries.repo";
import { deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import { assignments } from "@reminder-app/db/schema/reminders";
import { after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq } from "drizzle-orm";
import type { GivenBusiness } from "./given-business.ts";
import { deliveriesOf } from "./given-delivery.ts";

type Given = Pick<GivenBusiness, "ctx" | "system">;

/** As older data had it: every instant of a reminder `ms` from where it belongs. */
export async function plantShift({ ctx, system }: Given, id: Id<"Reminder">, ms: number): Promise<void> {
  const reminder = await reminderRepo(ctx).get(id);
  const at = (date: Date | null) => date && after(date, ms);
  await reminderRepo(ctx).update(id, { nextDueAt: at(reminder.nextDueAt) });
  const { db } = system;
  const { businessId } = ctx;
  for (const row of await db
    .select()
    .from(assignments)
    .where(and(eq(assignments.businessId, businessId), eq(assignments.reminderId, id))))
    await db
      .update(assignments)
      .set({ nextAt: at(row.nextAt) })
      .where(and(eq(assignments.businessId, businessId), eq(assignments.id, row.id)));
  for (const row of await db
    .select()
    .from(occurrences)
    .where(and(eq(occurrences.businessId, businessId), eq(occurrences.reminderId, id))))
    await db
      .update(occurrences)
      .set({ dueAt: after(row.dueAt, ms), expiresAt: after(row.expiresAt, ms) })
      .where(and(eq(occurrences.businessId, businessId), eq(occurrences.id, row.id)));
  for (const row of await deliveriesOf({ ctx }, id))
    await changeDelivery({ ctx, system }, row.id, {
      dueAt: after(row.dueAt, ms),
      expiresAt: after(row.expiresAt, ms),
      nextAt: at(row.nextAt),
    });
}

/** Make a delivery's row another one. */
export async function changeDelivery(
  { ctx, system }: Given,
  id: Delivery["id"],
  change: Partial<NewDelivery>,
): Promise<void> {
  await system.db
    .update(deliveries)
    .set(change)
    .where(and(eq(deliveries.businessId, ctx.businessId), eq(deliveries.id, id)));
}
