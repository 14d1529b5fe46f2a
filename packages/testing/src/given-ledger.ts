import { deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import { assignments, reminders } from "@reminder-app/db/schema/reminders";
import { and, eq } from "drizzle-orm";
import type { GivenBusiness } from "./given-business.ts";

type Shop = Pick<GivenBusiness, "ctx" | "system">;

/** Everything that was planned for a business, with the period that each message is about. */
export async function allDeliveries({ ctx, system }: Shop) {
  const rows = await system.db
    .select({ delivery: deliveries, period: assignments.period })
    .from(deliveries)
    .innerJoin(
      assignments,
      and(eq(assignments.businessId, deliveries.businessId), eq(assignments.id, deliveries.assignmentId)),
    )
    .where(eq(deliveries.businessId, ctx.businessId));
  return rows.map(({ delivery, period }) => ({ ...delivery, period }));
}

/** Every moment that was planned, with the period that it is about where it is one client's. */
export async function allOccurrences({ ctx, system }: Shop) {
  const rows = await system.db
    .select({ occurrence: occurrences, period: assignments.period, dueOn: assignments.dueOn })
    .from(occurrences)
    .leftJoin(
      assignments,
      and(eq(assignments.businessId, occurrences.businessId), eq(assignments.id, occurrences.assignmentId)),
    )
    .where(eq(occurrences.businessId, ctx.businessId));
  return rows.map(({ occurrence, period, dueOn }) => ({ ...occurrence, period: period ?? "", dueOn }));
}

export async function allReminders({ ctx, system }: Shop) {
  return system.db.select().from(reminders).where(eq(reminders.businessId, ctx.businessId));
}

export async function allAssignments({ ctx, system }: Shop) {
  return system.db.select().from(assignments).where(eq(assignments.businessId, ctx.businessId));
}
