import { isOneOf } from "@reminder-app/db/bulk";
import { clients } from "@reminder-app/db/schema/clients";
import { deliveries, occurrences, waitingStates } from "@reminder-app/db/schema/deliveries";
import { assignments } from "@reminder-app/db/schema/reminders";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, gt, inArray, isNotNull, lte, ne, or } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

/** What of a business a forecast is about; all of it where nothing is said. */
export interface ForecastFilter {
  readonly reminderId?: Id<"Reminder"> | undefined;
  readonly clientId?: Id<"Client"> | undefined;
}

const step = {
  id: occurrences.id,
  assignmentId: occurrences.assignmentId,
  slotKey: occurrences.slotKey,
  state: occurrences.state,
  reason: occurrences.reason,
  dueAt: occurrences.dueAt,
};
export type PlannedStep = Pick<typeof occurrences.$inferSelect, keyof typeof step>;

const slot = { reminderId: occurrences.reminderId, slotKey: occurrences.slotKey };
type Slot = Pick<typeof occurrences.$inferSelect, keyof typeof slot>;

/** What the outbox reads, many rows at a time. Limited to `businessId`, and to the clients within reach. */
export function forecastRepo(scope: Scope) {
  const { db, businessId } = scope;

  /**
   * Open assignments of `shared` reminders, and those of `sequences` that the planner looks at by `to`: it plans what is
   * open, and opens the next period after what is not cancelled.
   */
  async function openAssignments(
    { shared, sequences, to }: { shared: readonly Id<"Reminder">[]; sequences: readonly Id<"Reminder">[]; to: Date },
    { clientId }: ForecastFilter,
  ) {
    return db
      .select()
      .from(assignments)
      .where(
        and(
          eq(assignments.businessId, businessId),
          withinReach(scope, assignments.clientId),
          clientId && eq(assignments.clientId, clientId),
          or(
            and(isOneOf(assignments.reminderId, shared), eq(assignments.state, "open")),
            and(
              isOneOf(assignments.reminderId, sequences),
              ne(assignments.state, "cancelled"),
              isNotNull(assignments.dueOn),
              lte(assignments.nextAt, to),
            ),
          ),
        ),
      );
  }

  /** The due dates and periods of some clients on some reminders, whatever became of them. */
  async function periodsOf(reminderIds: readonly Id<"Reminder">[], clientIds: readonly Id<"Client">[]) {
    return db
      .select({
        reminderId: assignments.reminderId,
        clientId: assignments.clientId,
        period: assignments.period,
        dueOn: assignments.dueOn,
      })
      .from(assignments)
      .where(
        and(
          eq(assignments.businessId, businessId),
          isOneOf(assignments.reminderId, reminderIds),
          isOneOf(assignments.clientId, clientIds),
        ),
      );
  }

  async function clientsOf(ids: readonly Id<"Client">[]) {
    return db
      .select()
      .from(clients)
      .where(and(eq(clients.businessId, businessId), withinReach(scope, clients.id), isOneOf(clients.id, ids)));
  }

  /** The steps of some assignments that are planned already. */
  async function plannedSteps(ids: readonly Id<"Assignment">[]): Promise<PlannedStep[]> {
    return db
      .select(step)
      .from(occurrences)
      .where(and(eq(occurrences.businessId, businessId), isOneOf(occurrences.assignmentId, ids)));
  }

  /** Which of these moments, that all clients of their reminders share, are planned already. */
  async function plannedShared(slots: readonly Slot[]): Promise<Slot[]> {
    return db
      .select(slot)
      .from(occurrences)
      .where(
        and(
          eq(occurrences.businessId, businessId),
          isOneOf(occurrences.reminderId, [...new Set(slots.map(({ reminderId }) => reminderId))]),
          isOneOf(occurrences.slotKey, [...new Set(slots.map(({ slotKey }) => slotKey))]),
        ),
      );
  }

  /** The deliveries that wait, and those that were left out before their time has come. */
  async function waitingDeliveries({ reminderId, clientId }: ForecastFilter, now: Date) {
    return db
      .select()
      .from(deliveries)
      .where(
        and(
          eq(deliveries.businessId, businessId),
          withinReach(scope, deliveries.clientId),
          reminderId && eq(deliveries.reminderId, reminderId),
          clientId && eq(deliveries.clientId, clientId),
          or(inArray(deliveries.state, waitingStates), and(eq(deliveries.state, "skipped"), gt(deliveries.dueAt, now))),
        ),
      );
  }

  /** What goes as a line of these messages. */
  async function linesOf(ids: readonly Id<"Delivery">[]) {
    return db
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.businessId, businessId), isOneOf(deliveries.mergedInto, ids)));
  }

  return {
    linesOf,
    openAssignments,
    periodsOf,
    clientsOf,
    plannedSteps,
    plannedShared,
    waitingDeliveries,
  };
}
