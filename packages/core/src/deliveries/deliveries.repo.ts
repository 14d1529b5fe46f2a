import { contactAddresses, clients, contacts } from "@reminder-app/db/schema/clients";
import { businesses } from "@reminder-app/db/schema/businesses";
import { type DeliveryState, deliveries } from "@reminder-app/db/schema/deliveries";
import { assignments, reminders } from "@reminder-app/db/schema/reminders";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, count, desc, eq, gte, inArray, lt, lte, sql } from "drizzle-orm";
import type { Scope } from "../ctx.ts";
import type { NextState } from "./next-state.ts";
import type { StopReason, StopTarget } from "./stop-deliveries.ts";

export type Delivery = typeof deliveries.$inferSelect;
export type NewDelivery = Omit<typeof deliveries.$inferInsert, "businessId">;

export interface DeliveryFilter {
  readonly reminderId?: Id<"Reminder"> | undefined;
  readonly clientId?: Id<"Client"> | undefined;
  readonly channel?: ChannelKind | undefined;
  readonly state?: DeliveryState | undefined;
  readonly dueFrom?: Date | undefined;
  readonly dueBefore?: Date | undefined;
}

const waiting: DeliveryState[] = ["queued", "retry"];

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function deliveryRepo({ db, businessId }: Scope) {
  const mine = eq(deliveries.businessId, businessId);
  const some = (ids: readonly Id<"Delivery">[]) => and(mine, inArray(deliveries.id, [...ids]));

  async function get(id: Id<"Delivery">): Promise<Delivery> {
    const [row] = await db
      .select()
      .from(deliveries)
      .where(some([id]));
    if (!row) throw new NotFoundError("Delivery", id);
    return row;
  }

  /** The row, locked until the transaction ends. */
  async function lock(id: Id<"Delivery">): Promise<Delivery | undefined> {
    const [row] = await db
      .select()
      .from(deliveries)
      .where(some([id]))
      .for("update");
    return row;
  }

  /** Lock those of `ids` that wait and are due; rows that someone else holds are passed over. */
  async function lockDue(ids: readonly Id<"Delivery">[], now: Date): Promise<Delivery[]> {
    return db
      .select()
      .from(deliveries)
      .where(and(some(ids), inArray(deliveries.state, waiting), lte(deliveries.nextAt, now)))
      .for("update", { skipLocked: true });
  }

  async function lockMany(ids: readonly Id<"Delivery">[]): Promise<Delivery[]> {
    return db.select().from(deliveries).where(some(ids)).for("update");
  }

  async function peek(ids: readonly Id<"Delivery">[]): Promise<Pick<Delivery, "id" | "state" | "nextAt">[]> {
    return db
      .select({ id: deliveries.id, state: deliveries.state, nextAt: deliveries.nextAt })
      .from(deliveries)
      .where(some(ids));
  }

  /** All that decides whether and what is sent, but for the text. */
  async function sendContexts(ids: readonly Id<"Delivery">[]) {
    return db
      .select({
        deliveryId: deliveries.id,
        business: {
          name: businesses.name,
          status: businesses.status,
          timeZone: businesses.timeZone,
          locale: businesses.locale,
          postalAddress: businesses.postalAddress,
          quietHours: businesses.quietHours,
        },
        reminder: {
          status: reminders.status,
          name: reminders.name,
          type: reminders.type,
          revision: reminders.revision,
        },
        assignment: {
          state: assignments.state,
          period: assignments.period,
          dueOn: assignments.dueOn,
          amount: assignments.amount,
          currency: assignments.currency,
        },
        client: {
          name: clients.name,
          timeZone: clients.timeZone,
          locale: clients.locale,
          archivedAt: clients.archivedAt,
        },
        contact: {
          name: contacts.name,
          timeZone: contacts.timeZone,
          locale: contacts.locale,
          archived: contacts.archived,
        },
        address: contactAddresses.address,
      })
      .from(deliveries)
      .innerJoin(businesses, eq(businesses.id, deliveries.businessId))
      .innerJoin(
        reminders,
        and(eq(reminders.businessId, deliveries.businessId), eq(reminders.id, deliveries.reminderId)),
      )
      .innerJoin(
        assignments,
        and(eq(assignments.businessId, deliveries.businessId), eq(assignments.id, deliveries.assignmentId)),
      )
      .innerJoin(clients, and(eq(clients.businessId, deliveries.businessId), eq(clients.id, deliveries.clientId)))
      .innerJoin(contacts, and(eq(contacts.businessId, deliveries.businessId), eq(contacts.id, deliveries.contactId)))
      .leftJoin(
        contactAddresses,
        and(
          eq(contactAddresses.businessId, deliveries.businessId),
          eq(contactAddresses.contactId, deliveries.contactId),
          eq(contactAddresses.channel, deliveries.channel),
        ),
      )
      .where(some(ids));
  }

  /** Make locked rows ours: the lease runs on the database's clock. */
  async function markSending(
    ids: readonly Id<"Delivery">[],
    { leaseMs, at }: { leaseMs: number; at: Date },
  ): Promise<void> {
    await db
      .update(deliveries)
      .set({
        state: "sending",
        reason: null,
        fence: sql`${deliveries.fence} + 1`,
        tries: sql`${deliveries.tries} + 1`,
        nextAt: null,
        leaseUntil: sql`utc_timestamp(3) + interval ${leaseMs * 1000} microsecond`,
        updatedAt: at,
      })
      .where(some(ids));
  }

  /** Move rows on. Whoever calls holds their locks, or has just read that they are his. */
  async function move(ids: readonly Id<"Delivery">[], next: NextState, change: Partial<NewDelivery>): Promise<void> {
    if (ids.length === 0) return;
    await db
      .update(deliveries)
      .set({ ...next, leaseUntil: null, ...change })
      .where(some(ids));
  }

  async function cancelWaiting(target: StopTarget, { reason, at }: { reason: StopReason; at: Date }): Promise<number> {
    const [{ affectedRows }] = await db
      .update(deliveries)
      .set({ state: "cancelled", reason, nextAt: null, updatedAt: at })
      .where(and(mine, targetOf(target), inArray(deliveries.state, waiting)));
    return affectedRows;
  }

  async function countInFlight(target: StopTarget): Promise<number> {
    const [row] = await db
      .select({ inFlight: count() })
      .from(deliveries)
      .where(and(mine, targetOf(target), inArray(deliveries.state, ["sending", "unknown"])));
    return row?.inFlight ?? 0;
  }

  /** Put what waits off until it expires; a resumed reminder calls {@link wakeWaiting}. */
  async function postponeWaiting(reminderId: Id<"Reminder">, at: Date): Promise<number> {
    const [{ affectedRows }] = await db
      .update(deliveries)
      .set({ nextAt: sql`${deliveries.expiresAt}`, reason: "paused", updatedAt: at })
      .where(and(mine, eq(deliveries.reminderId, reminderId), inArray(deliveries.state, waiting)));
    return affectedRows;
  }

  async function wakeWaiting(reminderId: Id<"Reminder">, at: Date): Promise<void> {
    await db
      .update(deliveries)
      .set({ nextAt: sql`greatest(${deliveries.dueAt}, ${deliveries.createdAt})`, reason: null, updatedAt: at })
      .where(and(mine, eq(deliveries.reminderId, reminderId), inArray(deliveries.state, waiting)));
  }

  /** Insert what is not there yet; the unique keys absorb a second planning of the same moment. */
  async function insertNew(rows: readonly NewDelivery[]): Promise<void> {
    if (rows.length === 0) return;
    await db
      .insert(deliveries)
      .values(rows.map((row) => ({ ...row, businessId })))
      .onDuplicateKeyUpdate({ set: { businessId: sql`${deliveries.businessId}` } });
  }

  /** Remove what was planned for a moment that no longer exists and never left. */
  async function removeUnsent(occurrenceId: Id<"Occurrence">): Promise<void> {
    await db
      .delete(deliveries)
      .where(
        and(
          mine,
          eq(deliveries.occurrenceId, occurrenceId),
          eq(deliveries.fence, 0),
          inArray(deliveries.state, ["queued", "skipped"]),
        ),
      );
  }

  async function existsFor(occurrenceId: Id<"Occurrence">): Promise<boolean> {
    const rows = await db
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(and(mine, eq(deliveries.occurrenceId, occurrenceId)))
      .limit(1);
    return rows.length > 0;
  }

  async function openFor(occurrenceId: Id<"Occurrence">): Promise<Delivery[]> {
    return db
      .select()
      .from(deliveries)
      .where(and(mine, eq(deliveries.occurrenceId, occurrenceId), inArray(deliveries.state, waiting)));
  }

  /** Which of these clients got a message since `since`. */
  async function messagedSince(clientIds: readonly Id<"Client">[], since: Date): Promise<Id<"Client">[]> {
    const rows = await db
      .selectDistinct({ clientId: deliveries.clientId })
      .from(deliveries)
      .where(and(mine, inArray(deliveries.clientId, [...clientIds]), gte(deliveries.acceptedAt, since)));
    return rows.map(({ clientId }) => clientId);
  }

  /** The newest first. */
  async function page(
    filter: DeliveryFilter,
    { limit, cursor }: { limit: number; cursor?: Id<"Delivery"> | undefined },
  ): Promise<Delivery[]> {
    return db
      .select()
      .from(deliveries)
      .where(
        and(
          mine,
          filter.reminderId && eq(deliveries.reminderId, filter.reminderId),
          filter.clientId && eq(deliveries.clientId, filter.clientId),
          filter.channel && eq(deliveries.channel, filter.channel),
          filter.state && eq(deliveries.state, filter.state),
          filter.dueFrom && gte(deliveries.dueAt, filter.dueFrom),
          filter.dueBefore && lt(deliveries.dueAt, filter.dueBefore),
          cursor && lt(deliveries.id, cursor),
        ),
      )
      .orderBy(desc(deliveries.id))
      .limit(limit + 1);
  }

  return {
    get,
    lock,
    lockDue,
    lockMany,
    peek,
    sendContexts,
    markSending,
    move,
    cancelWaiting,
    countInFlight,
    postponeWaiting,
    wakeWaiting,
    insertNew,
    removeUnsent,
    existsFor,
    openFor,
    messagedSince,
    page,
  };
}

export type SendContext = Awaited<ReturnType<ReturnType<typeof deliveryRepo>["sendContexts"]>>[number];

function targetOf(target: StopTarget) {
  if ("reminderId" in target) return eq(deliveries.reminderId, target.reminderId);
  if ("assignmentId" in target) return eq(deliveries.assignmentId, target.assignmentId);
  if ("clientId" in target) return eq(deliveries.clientId, target.clientId);
  return eq(deliveries.contactId, target.contactId);
}
