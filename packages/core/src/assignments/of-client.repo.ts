import { type AssignmentState, type ReminderStatus, assignments, reminders } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { type SQL, and, asc, desc, eq, gte, inArray, isNotNull, isNull, or } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

const open: AssignmentState[] = ["open", "exhausted"];
const closed: AssignmentState[] = ["done", "cancelled"];
/** A draft was told to nobody, and a cancelled one asks for nothing. */
const told: ReminderStatus[] = ["active", "paused", "completed"];

/** What one client is reminded of. Every query below is limited to `businessId`, and to the clients within reach. */
export function assignmentsOfClientRepo(scope: Scope, clientId: Id<"Client">) {
  const { db, businessId } = scope;
  const theirs = and(
    eq(assignments.businessId, businessId),
    eq(assignments.clientId, clientId),
    withinReach(scope, assignments.clientId),
  );

  function some(which: SQL | undefined, order: readonly SQL[], limit: number) {
    return db
      .select({
        assignment: assignments,
        reminder: {
          name: reminders.name,
          type: reminders.type,
          status: reminders.status,
          stopRule: reminders.stopRule,
        },
      })
      .from(assignments)
      .innerJoin(
        reminders,
        and(eq(reminders.businessId, assignments.businessId), eq(reminders.id, assignments.reminderId)),
      )
      .where(and(theirs, which))
      .orderBy(...order)
      .limit(limit);
  }

  const soonest = [asc(isNull(assignments.dueOn)), asc(assignments.dueOn), asc(assignments.id)];

  /** What is asked of the client, what is due first before the rest. */
  async function openOnes(limit: number) {
    return some(and(inArray(assignments.state, open), inArray(reminders.status, told)), soonest, limit);
  }

  async function find(id: Id<"Assignment">) {
    const [row] = await some(and(eq(assignments.id, id), inArray(reminders.status, told)), soonest, 1);
    return row;
  }

  /** What was done since, the latest first. */
  async function doneSince(since: Date, limit: number) {
    const done = and(eq(assignments.state, "done"), gte(assignments.closedAt, since));
    return some(done, [desc(assignments.closedAt), desc(assignments.id)], limit);
  }

  /** What has a due date, and what had one and fell away since. */
  async function datedSince(since: Date, limit: number) {
    const fellAway = and(inArray(assignments.state, closed), gte(assignments.closedAt, since));
    const calledOff = and(eq(reminders.status, "cancelled"), gte(reminders.updatedAt, since));
    const asked = and(inArray(assignments.state, open), or(inArray(reminders.status, told), calledOff));
    return some(and(isNotNull(assignments.dueOn), or(asked, fellAway)), [desc(assignments.dueOn)], limit);
  }

  return { openOnes, find, doneSince, datedSince };
}

export type AskedOfClient = Awaited<ReturnType<ReturnType<typeof assignmentsOfClientRepo>["openOnes"]>>[number];
