import { isOneOf } from "@reminder-app/db/bulk";
import {
  type DeliveryState,
  attempts,
  deliveries,
  waitingStates,
  inFlightStates,
} from "@reminder-app/db/schema/deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, exists, inArray, isNull, max, notExists, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";

/** What became of one delivery of a moment. */
export interface Outcome {
  readonly occurrenceId: Id<"Occurrence">;
  readonly state: DeliveryState;
  readonly reason: string | null;
  /** A provider was called for it. */
  readonly tried: boolean;
  readonly merged: boolean;
}

const onTheirWay = [...waitingStates, ...inFlightStates];
const stopped: DeliveryState[] = ["skipped", "expired", "cancelled"];

/** What planner and re-dating ask of deliveries, and take back. Every query below is limited to `businessId`, and to the clients within reach. */
export function plannedRowsRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(deliveries.businessId, businessId), withinReach(scope, deliveries.clientId));
  const attempt = db
    .select({ one: sql`1` })
    .from(attempts)
    .where(and(eq(attempts.businessId, deliveries.businessId), eq(attempts.deliveryId, deliveries.id)));

  async function outcomesOf(ids: readonly Id<"Occurrence">[]): Promise<Outcome[]> {
    if (ids.length === 0) return [];
    const rows = await db
      .select({
        occurrenceId: deliveries.occurrenceId,
        state: deliveries.state,
        reason: deliveries.reason,
        tried: sql<number>`${exists(attempt)}`,
        merged: sql<number>`${deliveries.mergedInto} is not null`,
      })
      .from(deliveries)
      .where(and(mine, isOneOf(deliveries.occurrenceId, ids)));
    return rows.map((row) => ({ ...row, tried: row.tried === 1, merged: row.merged === 1 }));
  }

  /** Remove what never left and never will, so that its moment can be planned once more. */
  async function removeStopped(ids: readonly Id<"Occurrence">[]): Promise<void> {
    if (ids.length === 0) return;
    await db
      .delete(deliveries)
      .where(and(mine, isOneOf(deliveries.occurrenceId, ids), inArray(deliveries.state, stopped), notExists(attempt)));
  }

  /** Remove what was planned and never taken up. */
  async function removeUnsent(ids: readonly Id<"Occurrence">[]): Promise<void> {
    if (ids.length === 0) return;
    const unsent = and(
      eq(deliveries.fence, 0),
      inArray(deliveries.state, ["queued", "skipped"]),
      isNull(deliveries.mergedInto), // it left as a line of another message
    );
    await db.delete(deliveries).where(and(mine, isOneOf(deliveries.occurrenceId, ids), unsent));
  }

  /** Which of these moments have a delivery that waits and was never taken up. */
  async function queuedOf(ids: readonly Id<"Occurrence">[]): Promise<ReadonlySet<Id<"Occurrence">>> {
    const rows = await db
      .selectDistinct({ id: deliveries.occurrenceId })
      .from(deliveries)
      .where(and(mine, isOneOf(deliveries.occurrenceId, ids), eq(deliveries.fence, 0), eq(deliveries.state, "queued")));
    return new Set(rows.map(({ id }) => id));
  }

  /** Until when something of these assignments may still leave, where something waits. */
  async function waitingUntil(ids: readonly Id<"Assignment">[]): Promise<ReadonlyMap<Id<"Assignment">, Date>> {
    if (ids.length === 0) return new Map();
    const rows = await db
      .select({ id: deliveries.assignmentId, until: max(deliveries.expiresAt) })
      .from(deliveries)
      .where(and(mine, isOneOf(deliveries.assignmentId, ids), inArray(deliveries.state, onTheirWay)))
      .groupBy(deliveries.assignmentId);
    return new Map(rows.flatMap(({ id, until }) => (until ? [[id, until] as const] : [])));
  }

  return { outcomesOf, removeStopped, removeUnsent, queuedOf, waitingUntil };
}
