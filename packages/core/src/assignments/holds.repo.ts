import { isOneOf } from "@reminder-app/db/bulk";
import { type HoldReason, assignments, reminders } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, gt, inArray, isNotNull, isNull, or } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import type { Assignment } from "./assignments.repo.ts";

/** Whose assignments a pause or hold is about; all of the business's when empty. */
export type PauseTarget =
  | { readonly assignmentId: Id<"Assignment"> }
  | { readonly clientId: Id<"Client"> }
  | { readonly reminderId: Id<"Reminder"> }
  | Record<string, never>;

/** What holds and pauses read and write of assignments. Every query below is limited to `businessId`, and to the clients within reach. */
export function holdRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(assignments.businessId, businessId), withinReach(scope, assignments.clientId));

  /** Holds that stand at `now`, the oldest assignment first. */
  async function page(
    { reason, now }: { reason?: HoldReason | undefined; now: Date },
    { limit, cursor }: { limit: number; cursor?: Id<"Assignment"> | undefined },
  ): Promise<Assignment[]> {
    return db
      .select()
      .from(assignments)
      .where(
        and(
          mine,
          reason ? eq(assignments.hold, reason) : isNotNull(assignments.hold),
          inArray(assignments.state, ["open", "exhausted"]),
          or(isNull(assignments.holdUntil), gt(assignments.holdUntil, now)),
          cursor && gt(assignments.id, cursor),
        ),
      )
      .orderBy(asc(assignments.id))
      .limit(limit + 1);
  }

  /** Reminders of whose assignments some are to be planned only after `at`. */
  async function remindersPlannedAfter(target: PauseTarget, at: Date): Promise<Id<"Reminder">[]> {
    const rows = await db
      .selectDistinct({ reminderId: assignments.reminderId })
      .from(assignments)
      .where(and(mine, targetOf(target), eq(assignments.state, "open"), gt(assignments.nextAt, at)));
    return rows.map(({ reminderId }) => reminderId);
  }

  /** Make nobody plan these reminders, and wait for whoever does, until the transaction ends. */
  async function lockReminders(ids?: readonly Id<"Reminder">[]): Promise<void> {
    await db
      .select({ id: reminders.id })
      .from(reminders)
      .where(
        and(
          eq(reminders.businessId, businessId),
          inArray(reminders.status, ["active", "paused", "completed"]),
          ids && isOneOf(reminders.id, ids),
        ),
      )
      .orderBy(asc(reminders.id))
      .for("update");
  }

  /** Let the planner look at the assignments no later than `at`. */
  async function planBy(target: PauseTarget, reminderIds: readonly Id<"Reminder">[], at: Date): Promise<void> {
    await db
      .update(assignments)
      .set({ nextAt: at })
      .where(and(mine, targetOf(target), eq(assignments.state, "open"), gt(assignments.nextAt, at)));
    await db
      .update(reminders)
      .set({ nextDueAt: at })
      .where(
        and(eq(reminders.businessId, businessId), isOneOf(reminders.id, reminderIds), gt(reminders.nextDueAt, at)),
      );
  }

  return { page, remindersPlannedAfter, lockReminders, planBy };
}

function targetOf(target: PauseTarget) {
  if ("assignmentId" in target) return eq(assignments.id, target.assignmentId);
  if ("clientId" in target) return eq(assignments.clientId, target.clientId);
  return "reminderId" in target ? eq(assignments.reminderId, target.reminderId) : undefined;
}
