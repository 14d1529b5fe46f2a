import { isOneOf } from "@reminder-app/db/bulk";
import { clients, contacts } from "@reminder-app/db/schema/clients";
import { type OccurrenceState, attempts, deliveries, occurrences } from "@reminder-app/db/schema/deliveries";
import { assignments, reminders } from "@reminder-app/db/schema/reminders";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type SQL, and, asc, desc, eq, getTableColumns, gt, isNull, lt, lte, notExists, or, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import type { Occurrence } from "../occurrences/occurrences.repo.ts";

/**
 * Moments as they are told, with what became of them. Every query below is limited to `businessId`; who works with some
 * clients sees the moments of all clients and of theirs, and of those what is about theirs.
 */
export function toldOccurrenceRepo(scope: Scope) {
  const { db, businessId } = scope;
  const columns = { ...getTableColumns(occurrences), reminderName: reminders.name };
  const visible = and(
    eq(occurrences.businessId, businessId),
    or(isNull(occurrences.assignmentId), withinReach(scope, assignments.clientId) ?? sql`true`),
  );

  function select(condition: SQL | undefined) {
    return db
      .select(columns)
      .from(occurrences)
      .innerJoin(
        reminders,
        and(eq(reminders.businessId, occurrences.businessId), eq(reminders.id, occurrences.reminderId)),
      )
      .leftJoin(
        assignments,
        and(eq(assignments.businessId, occurrences.businessId), eq(assignments.id, occurrences.assignmentId)),
      )
      .where(and(visible, condition));
  }

  async function get(id: Id<"Occurrence">) {
    const [row] = await select(eq(occurrences.id, id));
    if (!row) throw new NotFoundError("Occurrence", id);
    return row;
  }

  /** The last planned first. */
  async function page(
    { reminderId, state }: { reminderId: Id<"Reminder">; state?: OccurrenceState | undefined },
    { limit, cursor }: { limit: number; cursor?: Id<"Occurrence"> | undefined },
  ) {
    return select(
      and(
        eq(occurrences.reminderId, reminderId),
        state && eq(occurrences.state, state),
        cursor && lt(occurrences.id, cursor),
      ),
    )
      .orderBy(desc(occurrences.id))
      .limit(limit + 1);
  }

  async function deliveriesOf(
    id: Id<"Occurrence">,
    { limit, cursor }: { limit: number; cursor?: Id<"Delivery"> | undefined },
  ) {
    return db
      .select({ ...getTableColumns(deliveries), clientName: clients.name, contactName: contacts.name })
      .from(deliveries)
      .innerJoin(clients, and(eq(clients.businessId, deliveries.businessId), eq(clients.id, deliveries.clientId)))
      .innerJoin(contacts, and(eq(contacts.businessId, deliveries.businessId), eq(contacts.id, deliveries.contactId)))
      .where(
        and(
          eq(deliveries.businessId, businessId),
          withinReach(scope, deliveries.clientId),
          eq(deliveries.occurrenceId, id),
          cursor && gt(deliveries.id, cursor),
        ),
      )
      .orderBy(asc(deliveries.id))
      .limit(limit + 1);
  }

  async function attemptsOf(ids: readonly Id<"Delivery">[]) {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(attempts)
      .where(and(eq(attempts.businessId, businessId), isOneOf(attempts.deliveryId, ids)))
      .orderBy(asc(attempts.deliveryId), asc(attempts.number));
  }

  /** Who was on the reminder when the moment came, and for whom nothing was made. */
  async function withoutDelivery(
    { id, reminderId, assignmentId, dueAt }: Pick<Occurrence, "id" | "reminderId" | "assignmentId" | "dueAt">,
    limit: number,
  ) {
    const delivery = db
      .select({ one: sql`1` })
      .from(deliveries)
      .where(
        and(
          eq(deliveries.businessId, assignments.businessId),
          eq(deliveries.occurrenceId, id),
          eq(deliveries.clientId, assignments.clientId),
        ),
      );
    const stood = and(
      eq(assignments.reminderId, reminderId),
      lte(assignments.createdAt, dueAt),
      or(isNull(assignments.closedAt), gt(assignments.closedAt, dueAt)),
    );
    return db
      .select({
        assignmentId: assignments.id,
        clientId: clients.id,
        clientName: clients.name,
        archivedAt: clients.archivedAt,
        round: assignments.round,
      })
      .from(assignments)
      .innerJoin(clients, and(eq(clients.businessId, assignments.businessId), eq(clients.id, assignments.clientId)))
      .where(
        and(
          eq(assignments.businessId, businessId),
          withinReach(scope, assignments.clientId),
          assignmentId ? eq(assignments.id, assignmentId) : stood,
          notExists(delivery),
        ),
      )
      .orderBy(asc(assignments.id))
      .limit(limit);
  }

  return { get, page, deliveriesOf, attemptsOf, withoutDelivery };
}

export type NamedOccurrence = Awaited<ReturnType<ReturnType<typeof toldOccurrenceRepo>["get"]>>;
