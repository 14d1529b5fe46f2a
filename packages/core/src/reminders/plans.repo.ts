import { isOneOf } from "@reminder-app/db/bulk";
import { reminderPlans, reminders } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq } from "drizzle-orm";
import type { Scope } from "../ctx.ts";
import type { Plan } from "./plan.ts";

type PlanRow = Plan & { readonly reminderId: Id<"Reminder">; readonly createdAt: Date };

/** A version of a reminder's plan. */
export interface PlanKey {
  readonly reminderId: Id<"Reminder">;
  readonly revision: number;
}

/** One plan among all, as a key of maps. */
export function planKey({ reminderId, revision }: PlanKey): string {
  return `${reminderId} ${revision}`;
}

/** Plans of reminders by revision. Every query below is limited to `businessId`. */
export function planRepo({ db, businessId }: Scope) {
  async function keep(row: PlanRow): Promise<void> {
    await db.insert(reminderPlans).values({ ...row, businessId });
  }

  /** The plans of some reminders as they stand. */
  async function present(ids: readonly Id<"Reminder">[]): Promise<ReadonlyMap<Id<"Reminder">, Plan>> {
    const { revision, schedule, channels, channelMode, subject, body, stepMessages } = reminders;
    const rows = await db
      .select({ id: reminders.id, plan: { revision, schedule, channels, channelMode, subject, body, stepMessages } })
      .from(reminders)
      .where(and(eq(reminders.businessId, businessId), isOneOf(reminders.id, ids)));
    return new Map(rows.map(({ id, plan }) => [id, plan]));
  }

  /** Some of those that a later revision has replaced, by {@link planKey}. */
  async function some(keys: readonly PlanKey[]): Promise<ReadonlyMap<string, Plan>> {
    if (keys.length === 0) return new Map();
    const { reminderId, revision, schedule, channels, channelMode, subject, body, stepMessages } = reminderPlans;
    const rows = await db
      .select({ reminderId, plan: { revision, schedule, channels, channelMode, subject, body, stepMessages } })
      .from(reminderPlans)
      .where(
        and(
          eq(reminderPlans.businessId, businessId),
          isOneOf(reminderId, [...new Set(keys.map((key) => key.reminderId))]),
          isOneOf(revision, [...new Set(keys.map((key) => key.revision))]),
        ),
      );
    return new Map(
      rows.map(({ reminderId: id, plan }) => [planKey({ reminderId: id, revision: plan.revision }), plan]),
    );
  }

  return { keep, present, some };
}
