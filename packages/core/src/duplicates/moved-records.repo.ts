import { isOneOf } from "@reminder-app/db/bulk";
import { clients, contacts } from "@reminder-app/db/schema/clients";
import { deliveries, inFlightStates, waitingStates } from "@reminder-app/db/schema/deliveries";
import { clientLinks, documents, linkVisits } from "@reminder-app/db/schema/documents";
import { clientTags } from "@reminder-app/db/schema/imports";
import { clientStaff } from "@reminder-app/db/schema/members";
import { checkouts, paymentRequests, payments } from "@reminder-app/db/schema/payments";
import { assignments } from "@reminder-app/db/schema/reminders";
import { tasks } from "@reminder-app/db/schema/tasks";
import type { Id } from "@reminder-app/platform/ids";
import { type Column, and, asc, eq, inArray, or, sql } from "drizzle-orm";
import type { MySqlTable } from "drizzle-orm/mysql-core";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Client } from "../clients/clients.repo.ts";
import type { Scope } from "../ctx.ts";

/** What is one client's and becomes another's. Every query below is limited to `businessId`; there is no unscoped way in. */
export function movedRecordRepo({ db, businessId }: Scope, { from, to }: { from: Id<"Client">; to: Id<"Client"> }) {
  const of = (table: { readonly businessId: Column; readonly clientId: Column }) =>
    and(eq(table.businessId, businessId), eq(table.clientId, from));

  async function move(table: MySqlTable & { readonly businessId: Column; readonly clientId: Column }): Promise<number> {
    const [{ affectedRows }] = await db.update(table).set({ clientId: to }).where(of(table));
    return affectedRows;
  }

  /** Both clients, locked in one order for all. */
  async function lockBoth(): Promise<Map<Id<"Client">, Client>> {
    const rows = await db
      .select()
      .from(clients)
      .where(and(eq(clients.businessId, businessId), inArray(clients.id, [from, to])))
      .orderBy(asc(clients.id))
      .for("update");
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The assignments of both, locked. */
  async function lockAssignments(): Promise<Assignment[]> {
    return db
      .select()
      .from(assignments)
      .where(and(eq(assignments.businessId, businessId), inArray(assignments.clientId, [from, to])))
      .orderBy(asc(assignments.id))
      .for("update");
  }

  /** With the messages of theirs that are not settled yet. One that meets its like at the other client stays behind. */
  async function moveAssignments(ids: readonly Id<"Assignment">[]): Promise<void> {
    if (ids.length === 0) return;
    await db
      .update(assignments)
      .set({ clientId: to })
      .where(and(of(assignments), isOneOf(assignments.id, ids)));
    const unsettled = inArray(deliveries.state, [...waitingStates, ...inFlightStates, "held"]);
    await db.execute(sql`update ignore ${deliveries} set client_id = ${sql.param(to, deliveries.clientId)}
      where ${and(of(deliveries), isOneOf(deliveries.assignmentId, ids), unsettled)}`);
  }

  /** Whoever works with one of the two works with both: what was sent stays on record at the other one. */
  async function shareStaff(): Promise<void> {
    const { memberId } = clientStaff;
    const theirs = and(eq(clientStaff.businessId, businessId), inArray(clientStaff.clientId, [from, to]));
    const members = await db.selectDistinct({ memberId }).from(clientStaff).where(theirs);
    const rows = members.flatMap((row) => [from, to].map((clientId) => ({ ...row, businessId, clientId })));
    if (rows.length === 0) return;
    await db
      .insert(clientStaff)
      .values(rows)
      .onDuplicateKeyUpdate({ set: { memberId: sql`${memberId}` } });
  }

  /** All but assignments and messages. Answers how many of each. */
  async function moveRecords() {
    await shareStaff();
    await db.delete(clientTags).where(of(clientTags));
    await move(linkVisits);
    await move(checkouts);
    return {
      contacts: await move(contacts),
      paymentRequests: await move(paymentRequests),
      payments: await move(payments),
      documents: await move(documents),
      links: await move(clientLinks),
      tasks: await move(tasks),
    };
  }

  /** The client itself, and those that were merged into it before, are the other one from now on. */
  async function markMerged(now: Date): Promise<void> {
    await db
      .update(clients)
      .set({
        mergedInto: to,
        archivedAt: sql`coalesce(${clients.archivedAt}, ${sql.param(now, clients.archivedAt)})`,
        updatedAt: now,
      })
      .where(and(eq(clients.businessId, businessId), or(eq(clients.id, from), eq(clients.mergedInto, from))));
  }

  return { lockBoth, lockAssignments, moveAssignments, moveRecords, markMerged };
}
