import { insertRows, isOneOf } from "@reminder-app/db/bulk";
import { type DeliveryState, deliveries, waitingStates, inFlightStates } from "@reminder-app/db/schema/deliveries";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { Id } from "@reminder-app/platform/ids";
import { and, desc, eq, gte, inArray, lt, lte, or, sql } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Scope } from "../ctx.ts";
import type { Delivery, NewDelivery } from "./deliveries.repo.ts";

export interface DeliveryFilter {
  readonly reminderId?: Id<"Reminder"> | undefined;
  readonly clientIds?: readonly Id<"Client">[] | undefined;
  readonly channel?: ChannelKind | undefined;
  readonly state?: DeliveryState | undefined;
  readonly dueFrom?: Date | undefined;
  readonly dueBefore?: Date | undefined;
}

const onTheirWay = [...waitingStates, ...inFlightStates];

/** How deliveries are planned and looked up. Every query below is limited to `businessId`, and to the clients within reach. */
export function deliveryRowsRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = and(eq(deliveries.businessId, businessId), withinReach(scope, deliveries.clientId));

  /** Insert what is not there yet; the unique keys absorb a second planning of the same moment. */
  async function insertNew(rows: readonly NewDelivery[]): Promise<void> {
    if (rows.length === 0) return;
    const insert = insertRows(
      deliveries,
      rows.map((row) => ({ ...row, businessId })),
    );
    await db.execute(sql`${insert} on duplicate key update business_id = business_id`);
  }

  /** Which of these clients got a message since `since`, or have one on its way. */
  async function messagedSince(
    clientIds: readonly Id<"Client">[],
    { since, now }: { since: Date; now: Date },
  ): Promise<Id<"Client">[]> {
    const rows = await db
      .selectDistinct({ clientId: deliveries.clientId })
      .from(deliveries)
      .where(
        and(
          mine,
          inArray(deliveries.clientId, [...clientIds]),
          or(gte(deliveries.acceptedAt, since), and(inArray(deliveries.state, onTheirWay), lte(deliveries.dueAt, now))),
        ),
      );
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
          filter.clientIds && isOneOf(deliveries.clientId, filter.clientIds),
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

  /**
   * Name an address by another hash on all that went there or waits. `ignore`, for of two rows that a change of keys
   * kept apart one must keep the old hash.
   */
  async function rehash(
    { contactId, channel }: Pick<Delivery, "contactId" | "channel">,
    { from, to }: { from: Buffer; to: Buffer },
  ): Promise<void> {
    const these = and(eq(deliveries.contactId, contactId), eq(deliveries.channel, channel));
    await db.execute(sql`update ignore ${deliveries} set address_hash = ${to}
      where ${and(mine, these, eq(deliveries.addressHash, from))}`);
  }

  return { insertNew, messagedSince, page, rehash };
}
