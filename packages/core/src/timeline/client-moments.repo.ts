import { isOneOf } from "@reminder-app/db/bulk";
import { contacts } from "@reminder-app/db/schema/clients";
import { deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import { assignments, reminders } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, desc, eq, exists, getTableColumns, gt, isNull, lte, min, notExists, notLike, or, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/mysql-core";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import type { Window } from "./place.ts";
import { rowsWithin } from "./rows-within.repo.ts";

const carriers = alias(deliveries, "carrier");

/** The letter of moments among the sources of a timeline. */
export const MOMENTS = "m";

/**
 * The moments that came, or come, for one client, with those that were merged into it: those with deliveries, and those of which nothing was made. Every query
 * below is limited to `businessId`, and to the clients within reach.
 */
export function clientMomentRepo(scope: Scope, clientIds: readonly Id<"Client">[]) {
  const { db, businessId } = scope;
  const mine = eq(occurrences.businessId, businessId);
  const theirs = and(
    eq(deliveries.businessId, businessId),
    isOneOf(deliveries.clientId, clientIds),
    withinReach(scope, deliveries.clientId),
  );
  const columns = getTableColumns(occurrences);
  const delivery = db
    .select({ one: sql`1` })
    .from(deliveries)
    .where(and(theirs, eq(deliveries.occurrenceId, occurrences.id)));
  const byDueAt = { letter: MOMENTS, at: occurrences.dueAt, id: occurrences.id };
  const inOrder = [desc(occurrences.dueAt), desc(occurrences.id)];

  async function withDeliveries(window: Window) {
    const made = db
      .select({ occurrenceId: deliveries.occurrenceId, firstDueAt: min(deliveries.dueAt).as("first_due_at") })
      .from(deliveries)
      .where(theirs)
      .groupBy(deliveries.occurrenceId)
      .as("made");
    const rows = await db
      .select({ ...columns, at: made.firstDueAt })
      .from(made)
      .innerJoin(occurrences, and(mine, eq(occurrences.id, made.occurrenceId)))
      .where(rowsWithin(window, { ...byDueAt, at: made.firstDueAt }, occurrences.dueAt))
      .orderBy(desc(made.firstDueAt), desc(occurrences.id))
      .limit(window.limit);
    return rows.map((row) => ({ ...row, at: row.at ?? row.dueAt }));
  }

  /** Steps of which no delivery was made. */
  async function bareSteps(ids: readonly Id<"Assignment">[], window: Window) {
    const rows = await db
      .select(columns)
      .from(occurrences)
      .where(
        and(
          mine,
          isOneOf(occurrences.assignmentId, ids),
          notExists(delivery),
          rowsWithin(window, byDueAt, occurrences.dueAt),
        ),
      )
      .orderBy(...inOrder)
      .limit(window.limit);
    return rows.map((row) => ({ ...row, at: row.dueAt }));
  }

  /** Moments of all clients of some reminders that came while this one was on them, and of which it got no delivery. */
  async function bareShared(ids: readonly Id<"Reminder">[], window: Window) {
    const onIt = db
      .select({ one: sql`1` })
      .from(assignments)
      .where(
        and(
          eq(assignments.businessId, businessId),
          isOneOf(assignments.clientId, clientIds),
          withinReach(scope, assignments.clientId),
          eq(assignments.reminderId, occurrences.reminderId),
          lte(assignments.createdAt, occurrences.dueAt),
          or(isNull(assignments.closedAt), gt(assignments.closedAt, occurrences.dueAt)),
        ),
      );
    const rows = await db
      .select(columns)
      .from(occurrences)
      .where(
        and(
          mine,
          isOneOf(occurrences.reminderId, ids),
          isNull(occurrences.assignmentId),
          // What is sent by hand, or in thanks, goes to whom it was meant for, and to nobody else.
          notLike(occurrences.slotKey, "M:%"),
          notLike(occurrences.slotKey, "R:%"),
          exists(onIt),
          notExists(delivery),
          rowsWithin(window, byDueAt, occurrences.dueAt),
        ),
      )
      .orderBy(...inOrder)
      .limit(window.limit);
    return rows.map((row) => ({ ...row, at: row.dueAt }));
  }

  /** What was made of some moments for this client, with the contacts' names and what became of who carries a line. */
  async function deliveriesOf(ids: readonly Id<"Occurrence">[]) {
    return db
      .select({
        ...getTableColumns(deliveries),
        contactName: contacts.name,
        carrier: { state: carriers.state, reason: carriers.reason },
      })
      .from(deliveries)
      .leftJoin(carriers, and(eq(carriers.businessId, deliveries.businessId), eq(carriers.id, deliveries.mergedInto)))
      .innerJoin(contacts, and(eq(contacts.businessId, deliveries.businessId), eq(contacts.id, deliveries.contactId)))
      .where(and(theirs, isOneOf(deliveries.occurrenceId, ids)))
      .orderBy(deliveries.id);
  }

  async function assignmentsOf() {
    return db
      .select()
      .from(assignments)
      .where(
        and(
          eq(assignments.businessId, businessId),
          isOneOf(assignments.clientId, clientIds),
          withinReach(scope, assignments.clientId),
        ),
      );
  }

  async function remindersOf(ids: readonly Id<"Reminder">[]) {
    return db
      .select()
      .from(reminders)
      .where(and(eq(reminders.businessId, businessId), isOneOf(reminders.id, ids)));
  }

  return { withDeliveries, bareSteps, bareShared, deliveriesOf, assignmentsOf, remindersOf };
}

type Repo = ReturnType<typeof clientMomentRepo>;
export type ClientMoment = Awaited<ReturnType<Repo["bareSteps"]>>[number];
export type NamedDelivery = Awaited<ReturnType<Repo["deliveriesOf"]>>[number];
