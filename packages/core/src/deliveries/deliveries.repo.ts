import { isOneOf } from "@reminder-app/db/bulk";
import { contactAddresses, clients, contacts } from "@reminder-app/db/schema/clients";
import { businesses } from "@reminder-app/db/schema/businesses";
import { suppressions } from "@reminder-app/db/schema/consent";
import { decidedSends, deliveries, occurrences, waitingStates } from "@reminder-app/db/schema/deliveries";
import { assignments, reminders } from "@reminder-app/db/schema/reminders";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, eq, inArray, isNull, lte, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import type { NextState } from "./next-state.ts";

export type Delivery = typeof deliveries.$inferSelect;
export type NewDelivery = Omit<typeof deliveries.$inferInsert, "businessId">;

const { id, channel, state, fence, tries, expiresAt } = deliveries;
/** What decides how a delivery that was in hand moves on. */
const held = { id, channel, state, fence, tries, expiresAt };
export type HeldDelivery = Pick<Delivery, keyof typeof held>;

/** Every query below is limited to `businessId`, and to the clients within reach; there is no unscoped way in. */
export function deliveryRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(deliveries.businessId, businessId), withinReach(scope, deliveries.clientId));
  const some = (ids: readonly Id<"Delivery">[]) => and(mine, isOneOf(deliveries.id, ids));

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
      .where(and(some(ids), inArray(deliveries.state, waitingStates), lte(deliveries.nextAt, now)))
      .for("update", { skipLocked: true });
  }

  async function lockMany(ids: readonly Id<"Delivery">[]): Promise<HeldDelivery[]> {
    return db.select(held).from(deliveries).where(some(ids)).for("update");
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
        /** Of the plan in force for the assignment. */
        revision: sql<number>`coalesce(${assignments.planRevision}, ${reminders.revision})`.mapWith(Number),
        slotKey: occurrences.slotKey,
        // The column that is never empty stands first: by it alone it is told whether there is a row.
        decided: {
          decidedAt: decidedSends.decidedAt,
          decision: decidedSends.decision,
          subject: decidedSends.subject,
          body: decidedSends.body,
        },
        business: {
          name: businesses.name,
          status: businesses.status,
          mode: businesses.mode,
          dailySends: businesses.dailySends,
          smsCountries: businesses.smsCountries,
          timeZone: businesses.timeZone,
          locale: businesses.locale,
          postalAddress: businesses.postalAddress,
          quietHours: businesses.quietHours,
          sendWindows: businesses.sendWindows,
          contactCap: businesses.contactCap,
          dailyMessageAt: businesses.dailyMessageAt,
          pausedAt: businesses.pausedAt,
          pausedUntil: businesses.pausedUntil,
        },
        reminder: {
          status: reminders.status,
          pausedUntil: reminders.pausedUntil,
          stopRule: reminders.stopRule,
          needsApproval: reminders.needsApproval,
          priority: reminders.priority,
          graceMs: reminders.graceMs,
          name: reminders.name,
          type: reminders.type,
        },
        assignment: {
          state: assignments.state,
          closedBecause: assignments.closedBecause,
          period: assignments.period,
          dueOn: assignments.dueOn,
          calendarSequence: assignments.calendarSequence,
          amount: assignments.amount,
          currency: assignments.currency,
          hold: assignments.hold,
          heldAt: assignments.heldAt,
          holdUntil: assignments.holdUntil,
          payingAt: assignments.payingAt,
        },
        client: {
          name: clients.name,
          timeZone: clients.timeZone,
          locale: clients.locale,
          archivedAt: clients.archivedAt,
          pausedAt: clients.pausedAt,
          pausedUntil: clients.pausedUntil,
          neverChase: clients.neverChase,
        },
        contact: {
          name: contacts.name,
          timeZone: contacts.timeZone,
          locale: contacts.locale,
          archived: contacts.archived,
        },
        address: contactAddresses.address,
        addressHash: contactAddresses.addressHash,
        suppression: suppressions.reason,
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
      .innerJoin(
        occurrences,
        and(eq(occurrences.businessId, deliveries.businessId), eq(occurrences.id, deliveries.occurrenceId)),
      )
      .leftJoin(
        decidedSends,
        and(
          eq(decidedSends.businessId, deliveries.businessId),
          eq(decidedSends.assignmentId, deliveries.assignmentId),
          eq(decidedSends.slotKey, occurrences.slotKey),
        ),
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
      .leftJoin(
        suppressions,
        and(
          eq(suppressions.businessId, contactAddresses.businessId),
          eq(suppressions.channel, contactAddresses.channel),
          eq(suppressions.addressHash, contactAddresses.addressHash),
          isNull(suppressions.liftedAt),
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

  async function setAddress(id: Id<"Delivery">, addressHash: Buffer): Promise<void> {
    await db
      .update(deliveries)
      .set({ addressHash })
      .where(some([id]));
  }

  return { get, lock, lockDue, lockMany, peek, sendContexts, markSending, move, setAddress };
}

export type SendContext = Awaited<ReturnType<ReturnType<typeof deliveryRepo>["sendContexts"]>>[number];
