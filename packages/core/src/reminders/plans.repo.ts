import { isOneOf } from "@reminder-app/db/bulk";
import { reminderPlans } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq } from "drizzle-orm";
import type { Scope } from "../ctx.ts";
import type { Plan } from "./plan.ts";

type PlanRow = Plan & { readonly reminderId: Id<"Reminder">; readonly createdAt: Date };

/** Plans of reminders that a later revision has replaced. Every query below is limited to `businessId`. */
export function planRepo({ db, businessId }: Scope) {
  async function keep(row: PlanRow): Promise<void> {
    await db.insert(reminderPlans).values({ ...row, businessId });
  }

  async function some(reminderId: Id<"Reminder">, revisions: readonly number[]): Promise<Plan[]> {
    if (revisions.length === 0) return [];
    const { revision, schedule, channels, channelMode, subject, body, stepMessages } = reminderPlans;
    return db
      .select({ revision, schedule, channels, channelMode, subject, body, stepMessages })
      .from(reminderPlans)
      .where(
        and(
          eq(reminderPlans.businessId, businessId),
          eq(reminderPlans.reminderId, reminderId),
          isOneOf(reminderPlans.revision, revisions),
        ),
      );
  }

  return { keep, some };
}
